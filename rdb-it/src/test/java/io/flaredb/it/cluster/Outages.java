package io.flaredb.it.cluster;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.process.FlareProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long one client's writes stood still each time that a server was killed. */
final class Outages {
    private final String name;
    private final FlareDb db;
    private final Bytes key;
    private final List<Duration> durations = new ArrayList<>();

    /**
     * @param db knows where the region is, as a client does that is at work
     * @param key written to find out; in the region that loses a replica
     */
    Outages(String name, FlareDb db, Bytes key) {
        this.name = name;
        this.db = db;
        this.key = key;
    }

    /**
     * Does something that ends a server; returns the time from its end to the acknowledgement of a
     * write that was begun after it.
     */
    Duration after(Runnable kill) {
        db.raw().put(key, Bytes.utf8("before"));
        kill.run();
        long killedNanos = System.nanoTime();
        while (!isAcknowledged()) {
            if (System.nanoTime() - killedNanos > FlareProcess.DEADLINE.toNanos()) {
                throw new AssertionError(name + ": writes do not go on");
            }
        }
        Duration outage = Duration.ofNanos(System.nanoTime() - killedNanos);
        durations.add(outage);
        return outage;
    }

    private boolean isAcknowledged() {
        try {
            db.raw().put(key, Bytes.utf8("after"));
            return true;
        } catch (UnavailableException | OutcomeUnknownException e) {
            return false;
        }
    }

    /** One line for a person: how many, the median and the worst. */
    String summary() {
        if (durations.isEmpty()) {
            return name + ": none";
        }
        List<Duration> sorted = new ArrayList<>(durations);
        Collections.sort(sorted);
        return "%s: %d, median %d ms, worst %d ms"
                .formatted(
                        name,
                        sorted.size(),
                        sorted.get(sorted.size() / 2).toMillis(),
                        sorted.getLast().toMillis());
    }
}
