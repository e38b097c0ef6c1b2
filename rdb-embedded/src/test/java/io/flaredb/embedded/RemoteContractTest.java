package io.flaredb.embedded;

import io.flaredb.client.FlareDb;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over gRPC. */
class RemoteContractTest extends FlareDbContract {
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
    void restart() {
        cluster.restart(); // the client stays
    }
}
