package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class LifecycleTest extends EngineTest {
    private static final Bytes KEY = Bytes.utf8("k");

    @Test
    void closesTwice() {
        engine.close();
        engine.close();
    }

    @Test
    void leavesTheFolderToItsNextOwnerWhenClosedAgain() {
        engine.close();
        try (StorageEngine next = StorageEngine.open(dir, SMALL)) {
            engine.close();
            assertThatThrownBy(() -> StorageEngine.open(dir, SMALL))
                    .isInstanceOf(DataFolderInUseException.class);
            assertThat(next.get(KEY)).isNull();
        }
    }

    @Test
    void refusesEveryUseAfterTheClose() {
        ApplyBatch batch = engine.newBatch();
        batch.apply(REGION, 1, new Command.RawPut(KEY, KEY));
        engine.close();
        assertClosed(batch::commit);
        batch.close();
        assertClosed(() -> engine.get(KEY));
        assertClosed(() -> engine.getVersioned(KEY));
        assertClosed(() -> engine.getAll(List.of(KEY), 1));
        assertClosed(() -> engine.scan(KeyRange.ALL, 1, 1));
        assertClosed(() -> engine.scanVersioned(KeyRange.ALL, 1, 1));
        assertClosed(() -> engine.approximateSizeBytes(KeyRange.ALL));
        assertClosed(() -> put("k", "v"));
        assertClosed(() -> swap("k", 0, "v"));
        assertClosed(() -> engine.putRegion(REGION, new byte[0]));
        assertClosed(() -> engine.removeRegion(REGION));
        assertClosed(engine::stats);
    }

    @Test
    @Timeout(60)
    void waitsForReadsThatAreRunning() throws Exception {
        for (int i = 0; i < 100; i++) {
            put("k" + i, "v");
        }
        int readers = 4;
        CountDownLatch reading = new CountDownLatch(readers);
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(readers)) {
            for (int i = 0; i < readers; i++) {
                all.add(threads.submit(() -> readUntilClosed(reading)));
            }
            reading.await();
            engine.close(); // freed memory under a reader would kill the process
        }
        for (Future<?> reader : all) {
            reader.get();
        }
    }

    private void readUntilClosed(CountDownLatch reading) {
        boolean counted = false;
        while (true) {
            try {
                assertThat(engine.scan(KeyRange.ALL, 1_000, 1_000_000).entries()).hasSize(100);
                assertThat(engine.get(Bytes.utf8("k1"))).isNotNull();
            } catch (IllegalStateException closed) {
                return;
            }
            if (!counted) {
                reading.countDown();
                counted = true;
            }
        }
    }

    private static void assertClosed(ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
    }
}
