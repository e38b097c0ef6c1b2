package io.flaredb.client.remote;

import io.flaredb.client.retry.Deadline;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one operation went through so far: how long its next attempt may take, and what each store
 * had to say. Its attempts follow each other; the parts of a batch have one each.
 */
final class Attempts {
    static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int PARTS = 8;

    private final Deadline deadline;
    private @Nullable Map<Long, String> failures; // by store; null: none, as nearly always
    private int hanging;
    private boolean maybeSent;

    Attempts(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** How long to wait for one store before another is asked. */
    long patienceNanos() {
        return patienceNanos(deadline, hanging);
    }

    /**
     * How long to wait for one answer: an eighth of the timeout, at most a second; twice as long
     * after each such wait in vain, in case whoever is asked is slow.
     *
     * @param inVain such waits in a row
     */
    static long patienceNanos(Deadline deadline, int inVain) {
        long first = Math.min(LONGEST_NANOS, deadline.timeoutNanos() / PARTS);
        return Math.max(SHORTEST_NANOS, first << Math.min(inVain, PARTS));
    }

    /** The last attempt was cut short. */
    void wasCut() {
        hanging++;
    }

    /** An attempt ended without an answer and may have been carried out, or may still be. */
    void mayHaveBeenSent() {
        maybeSent = true;
    }

    /** False: the operation has surely had no effect, whatever its last attempt came to. */
    boolean maybeSent() {
        return maybeSent;
    }

    /**
     * Notes why an attempt failed.
     *
     * @param what to be read behind the store's name
     * @return why the operation failed so far, for a person
     */
    String note(Route route, String what) {
        Map<Long, String> noted = failures;
        if (noted == null) {
            noted = new LinkedHashMap<>();
            failures = noted;
        }
        noted.remove(route.storeId()); // to the end
        noted.put(route.storeId(), route.store() + " " + what);
        if (noted.size() == 1) {
            return route.store() + " " + what;
        }
        return (route.isStaleRead() ? "no replica of region " : "no leader of region ")
                + Long.toUnsignedString(route.regionId())
                + " answers: "
                + String.join("; ", noted.values());
    }
}
