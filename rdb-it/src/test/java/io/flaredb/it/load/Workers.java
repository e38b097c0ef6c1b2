package io.flaredb.it.load;

import io.flaredb.it.load.Findings.Kind;
import java.util.ArrayList;
import java.util.List;

/** Threads that each repeat a step of their own until they are closed. */
final class Workers implements AutoCloseable {
    /** One step. */
    interface Step {
        void run() throws InterruptedException;
    }

    private final Findings findings;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /**
     * @param findings are told of each exception that a step throws; the thread goes on
     */
    Workers(Findings findings) {
        this.findings = findings;
    }

    /** Starts a thread. */
    void add(String name, Step step) {
        threads.add(Thread.ofPlatform().name("load-" + name).start(() -> repeat(step)));
    }

    private void repeat(Step step) {
        while (!closed) {
            try {
                step.run();
            } catch (Throwable e) {
                if (!closed) {
                    findings.report(Kind.UNEXPECTED_ERROR, e.toString());
                }
            }
        }
    }

    /** Ends all threads. What they have done is then seen by the caller. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
