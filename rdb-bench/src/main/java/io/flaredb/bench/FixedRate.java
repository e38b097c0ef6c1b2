package io.flaredb.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Begins operations at fixed times, each in any free place; where there is none, as soon as one
 * becomes free. One thread of its own begins them all.
 */
final class FixedRate implements Loop {
    /** How far ahead a schedule begins, so that no one measures before all is set. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** How often the thread looks whether there is another schedule. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** For operations whose time came just before the end. */
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long WARM_UP_NANOS = Duration.ofDays(1).toNanos();

    private final int slots;
    private final int perSecond;
    private final Measurement measurement;
    private final BlockingQueue<Slot> free;
    private final Thread pacer;
    private volatile Schedule schedule;
    private volatile boolean running = true;
    private long nextNumber; // the pacer's, and after its end anyone's
    private int taken; // places that are empty for good; only of the thread that ends the loop

    FixedRate(List<Slot> slots, int perSecond, Measurement measurement) {
        this.slots = slots.size();
        this.perSecond = perSecond;
        this.measurement = measurement;
        this.free = new ArrayBlockingQueue<>(slots.size(), false, slots);
        this.pacer = new Thread(this::pace, "bench-pacer");
        this.schedule = schedule(System.nanoTime() + WARM_UP_NANOS);
    }

    private Schedule schedule(long endNanos) {
        return new Schedule(System.nanoTime() + AHEAD_NANOS, endNanos, perSecond);
    }

    @Override
    public void start() {
        pacer.setDaemon(true);
        pacer.start();
    }

    private void pace() {
        try {
            Schedule current = schedule;
            long operations = current.operations();
            while (running
                    && nextNumber < operations
                    && current.endNanos() + GRACE_NANOS > System.nanoTime()) {
                if (!schedule.equals(current)) {
                    // What the warm-up has not sent by now is not sent: the schedule begins anew.
                    current = schedule;
                    operations = current.operations();
                    nextNumber = 0;
                }
                long startNanos = current.startNanos(nextNumber);
                long leftNanos = startNanos - System.nanoTime();
                if (leftNanos > 0) {
                    Waiting.forNanos(Math.min(leftNanos, LOOK_NANOS));
                } else {
                    Slot slot = free.poll(LOOK_NANOS, TimeUnit.NANOSECONDS);
                    if (slot != null) {
                        nextNumber++;
                        begin(slot, startNanos, current);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends as asked
        }
    }

    private void begin(Slot slot, long startNanos, Schedule of) {
        var _ =
                slot.begin()
                        .whenComplete((answer, failure) -> {
                            record(startNanos, of, answer, failure);
                            free.add(slot);
                        });
    }

    /** What the warm-up sent is answered while other operations are measured: it is not one. */
    private void record(
            long startNanos, Schedule of, @Nullable Answer answer, @Nullable Throwable failure) {
        if (of.equals(schedule)) {
            measurement.record(startNanos, answer, failure);
        }
    }

    @Override
    public void measure(long endNanos) {
        schedule = schedule(endNanos);
        measurement.begin(System.nanoTime());
    }

    /** Whether nothing more is begun. */
    boolean isOver() {
        return !pacer.isAlive();
    }

    @Override
    public void end() throws InterruptedException {
        measurement.end();
        if (schedule.endNanos() > System.nanoTime()) {
            running = false; // cut short; else the thread ends by itself
        }
        pacer.join();
        while (taken < slots) {
            free.take();
            taken++;
        }
    }

    @Override
    public LongStream notSentNanos() {
        Schedule measured = schedule;
        return LongStream.range(nextNumber, Math.max(nextNumber, measured.operations()))
                .map(number -> measured.endNanos() - measured.startNanos(number));
    }
}
