package io.flaredb.embedded;

import io.flaredb.client.FlareDb;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract in the caller's own process. */
class EmbeddedContractTest extends EndingContract {
    @TempDir Path dataDir;
    private FlareDb db;

    @BeforeEach
    void open() {
        db = FlareDb.openEmbedded(dataDir, OPTIONS);
    }

    @AfterEach
    void close() {
        db.close();
    }

    @Override
    FlareDb db() {
        return db;
    }

    @Override
    void restart(Consumer<Path> whileDown) {
        close();
        whileDown.accept(dataDir.resolve("store"));
        open();
    }

    @Override
    void reopen() {
        open();
    }
}
