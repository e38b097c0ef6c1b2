package io.flaredb.server.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.server.region.RegionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadPoolTest {
    private final ReadPool pool = new ReadPool(ReadLimits.DEFAULT);
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void answersWhatItHasTakenBeforeItStops() {
        int reads = 1_000;
        for (int i = 0; i < reads; i++) {
            pool.submit(done::incrementAndGet);
        }

        pool.finish(Duration.ofSeconds(30));

        assertThat(done).hasValue(reads);
        assertThatThrownBy(() -> pool.submit(done::incrementAndGet))
                .isInstanceOf(RegionException.class);
    }

    @Test
    void waitsForNoReadLongerThanItIsTold() {
        CountDownLatch disk = new CountDownLatch(1);
        for (int i = 0; i < ReadLimits.DEFAULT.threads(); i++) {
            pool.submit(() -> awaitUninterruptibly(disk));
        }
        pool.submit(done::incrementAndGet);

        pool.finish(Duration.ofMillis(1));

        disk.countDown();
        pool.close(); // waits for those that had begun
        assertThat(done).hasValue(0);
    }

    private static void awaitUninterruptibly(CountDownLatch disk) {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new AssertionError("a read was interrupted", e);
        }
    }
}
