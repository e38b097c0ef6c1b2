package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine on a fresh folder, and short ways to use it. */
abstract class EngineTest {
    static final RegionId REGION = new RegionId(7);
    static final StorageOptions SMALL = new StorageOptions(8 << 20, 1 << 20, 1 << 20, 2);

    @TempDir Path dir;
    StorageEngine engine;

    @BeforeEach
    void openEngine() {
        engine = StorageEngine.open(dir, SMALL);
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    void reopen() {
        engine.close();
        engine = StorageEngine.open(dir, SMALL);
    }

    Outcome apply(Command command) {
        return engine.apply(REGION, List.of(command)).get(0);
    }

    Outcome put(String key, String value) {
        return apply(new Command.RawPut(Bytes.utf8(key), Bytes.utf8(value)));
    }

    Outcome swap(String key, long expectedVersion, String value) {
        return apply(
                new Command.CompareAndSwap(Bytes.utf8(key), expectedVersion, Bytes.utf8(value)));
    }

    Outcome swapOut(String key, long expectedVersion) {
        return apply(new Command.CompareAndDelete(Bytes.utf8(key), expectedVersion));
    }

    static Outcome conflict(long version, String value) {
        return new Outcome.Conflict(version, Bytes.utf8(value));
    }
}
