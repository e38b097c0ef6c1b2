package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library loses log entries if its threads reject work; then nobody may go on as if not. */
class RejectionTest {
    @TempDir Path dir;

    /** Takes everything, until it is told not to. */
    private static final class ModestPool extends ThreadPoolExecutor {
        private final Queue<Runnable> rejected = new ConcurrentLinkedQueue<>();
        private volatile boolean rejecting;

        ModestPool() {
            super(2, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LibraryThreads::reject);
        }

        @Override
        public void execute(Runnable task) {
            if (rejecting) {
                rejected.add(task);
                getRejectedExecutionHandler().rejectedExecution(task, this);
            } else {
                super.execute(task);
            }
        }

        /** The library waits for what it handed over, so that a group could not be closed. */
        void takeWhatWasRejected() {
            rejecting = false;
            rejected.forEach(this::execute);
        }
    }

    @Test
    void aRejectedTaskIsFatalForTheStore() {
        TestCluster cluster = new TestCluster(dir, 1_000_000);
        try (ModestPool pool = new ModestPool();
                TestStore store = cluster.open(1)) {
            RaftGroup<Long> group =
                    store.host.start(
                            TestCluster.REGION,
                            1,
                            TestCluster.members(1),
                            new PutMachine(TestCluster.REGION, store.engine),
                            pool);
            await().atMost(TestCluster.DEADLINE)
                    .until(() -> group.state().role() == GroupState.Role.LEADER);
            assertThat(store.fatal).isEmpty();
            pool.rejecting = true;
            try {
                group.snapshot(); // its answer needs a thread of the pool
                await().dontCatchUncaughtExceptions() // there is one: that of the rejection
                        .atMost(TestCluster.DEADLINE)
                        .until(() -> !store.fatal.isEmpty());
            } finally {
                pool.takeWhatWasRejected();
            }
            assertThat(store.fatal.get(0)).isInstanceOf(RejectedExecutionException.class);
        }
    }
}
