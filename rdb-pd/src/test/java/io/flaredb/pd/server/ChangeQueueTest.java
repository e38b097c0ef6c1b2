package io.flaredb.pd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
    private final ChangeQueue queue = new ChangeQueue();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch disk = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void refusesWhatDoesNotFitAndFinishesWhatItTook() throws Exception {
        queue.add(this::write);
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 1_024; i++) {
            queue.add(this::write);
        }
        assertThatThrownBy(() -> queue.add(this::write))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("RESOURCE_EXHAUSTED: 1024 changes are waiting for the disk already");
        disk.countDown();
        queue.finish(Duration.ofSeconds(30));
        assertThat(done).hasValue(1_025);
        assertThatThrownBy(() -> queue.add(this::write))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNAVAILABLE: the placement driver is shutting down");
    }

    private void write() {
        started.countDown();
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        done.incrementAndGet();
    }
}
