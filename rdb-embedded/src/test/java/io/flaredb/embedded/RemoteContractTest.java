package io.flaredb.embedded;

import io.flaredb.client.FlareDb;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over gRPC. */
class RemoteContractTest extends EndingContract {
    @TempDir Path dataDir;
    private LocalCluster cluster;
    private FlareDb db;

    @BeforeEach
    void start() {
        cluster = LocalCluster.start(dataDir);
        db = FlareDb.connect(cluster.placementAddress(), OPTIONS);
    }

    @AfterEach
    void stop() {
        db.close();
        cluster.close();
    }

    @Override
    FlareDb db() {
        return db;
    }

    @Override
    void restart(Consumer<Path> whileDown) { // the client stays
        cluster.restart(() -> whileDown.accept(dataDir.resolve("store")));
    }

    @Override
    void reopen() {
        db = FlareDb.connect(cluster.placementAddress(), OPTIONS);
    }
}
