package io.flaredb.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

/** Begins an operation in each place as soon as the one before it there is answered. */
final class ClosedLoop implements Loop {
    private final List<Slot> slots;
    private final Measurement measurement;
    private final CountDownLatch ended;
    private volatile boolean running = true;

    ClosedLoop(List<Slot> slots, Measurement measurement) {
        this.slots = slots;
        this.measurement = measurement;
        this.ended = new CountDownLatch(slots.size());
    }

    /** On threads of their own: where answers are there at once, a place keeps its thread. */
    @Override
    public void start() {
        slots.forEach(slot -> Thread.startVirtualThread(() -> run(slot)));
    }

    /** Loops where answers are there at once: recursion would have no end. */
    private void run(Slot slot) {
        while (running) {
            long startNanos = System.nanoTime();
            CompletableFuture<Answer> operation = slot.begin();
            if (!operation.isDone()) {
                var _ =
                        operation.whenComplete((answer, failure) -> {
                            measurement.record(startNanos, answer, failure);
                            run(slot);
                        });
                return;
            }
            record(startNanos, operation);
        }
        ended.countDown();
    }

    private void record(long startNanos, CompletableFuture<Answer> done) {
        if (done.isCompletedExceptionally()) {
            measurement.record(startNanos, null, done.exceptionNow());
        } else {
            measurement.record(startNanos, done.resultNow(), null);
        }
    }

    @Override
    public void measure(long endNanos) {
        measurement.begin(System.nanoTime());
    }

    /** Whether nothing more is begun. */
    boolean isOver() {
        return !running;
    }

    @Override
    public void end() throws InterruptedException {
        measurement.end();
        running = false;
        ended.await();
    }

    @Override
    public LongStream notSentNanos() {
        return LongStream.empty();
    }
}
