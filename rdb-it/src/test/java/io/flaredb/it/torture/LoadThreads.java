package io.flaredb.it.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * Threads that each repeat a step of their own until they are ended. Whatever a step throws is a
 * problem, and its thread goes on: a load that fades away unnoticed would prove nothing.
 *
 * <p>For the torture's thread.
 */
final class LoadThreads {
    private final Problems problems;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    LoadThreads(Problems problems) {
        this.problems = problems;
    }

    /**
     * Starts a thread.
     *
     * @param perSecond steps, at most
     */
    void add(String name, double perSecond, Runnable step) {
        threads.add(Thread.ofPlatform().name(name).start(() -> repeat(name, perSecond, step)));
    }

    private void repeat(String name, double perSecond, Runnable step) {
        Pace pace = new Pace(perSecond);
        while (!ended) {
            pace.await();
            run(name, step);
        }
    }

    /** Does one step in the caller's thread; whatever it throws is a problem. */
    void run(String name, Runnable step) {
        try {
            step.run();
        } catch (Throwable e) { // a thread that ends would take its part of the load along
            problems.report(Problems.Kind.UNEXPECTED_ERROR, name + ": " + e);
        }
    }

    /** Ends all threads; one that has ended before is a problem. What they did is then seen. */
    void end() throws InterruptedException {
        for (Thread thread : threads) {
            if (!thread.isAlive()) {
                problems.report(
                        Problems.Kind.UNEXPECTED_ERROR,
                        thread.getName() + " has ended before the load");
            }
        }
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
