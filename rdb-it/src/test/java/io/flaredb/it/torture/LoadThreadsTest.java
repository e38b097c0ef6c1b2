package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.torture.Problems.Kind;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoadThreadsTest {
    private static final double PER_SECOND = 1_000;

    private final Problems problems = new Problems();
    private final LoadThreads threads = new LoadThreads(problems);

    @Test
    void goOnAfterAStepThatFailsAndTellOfIt() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        threads.add(
                "load-1",
                PER_SECOND,
                () -> {
                    if (steps.incrementAndGet() == 1) {
                        throw new AssertionError("what nobody expects");
                    }
                });

        await().atMost(FlareProcess.DEADLINE).until(() -> steps.get() > 2);
        threads.end();

        assertThat(problems.all()).singleElement().asString().contains("what nobody expects");
    }

    @Test
    void tellOfOneThatEndedBeforeTheLoad() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
        threads.add(
                "load-1",
                PER_SECOND,
                () -> {
                    thread.set(Thread.currentThread());
                    throw new Untellable();
                });
        await().dontCatchUncaughtExceptions()
                .atMost(FlareProcess.DEADLINE)
                .until(() -> !thread.get().isAlive());

        threads.end();

        assertThat(problems.count(Kind.UNEXPECTED_ERROR)).isEqualTo(1);
        assertThat(problems.all()).singleElement().asString().contains("load-1 has ended");
    }

    /** Ends even a thread that is about to tell of it. */
    private static final class Untellable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            throw this;
        }
    }
}
