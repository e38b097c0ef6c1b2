package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** A key under load, until its history is long enough. Thread-safe. */
final class TorturedKey {
    /** Checking takes longer than in proportion. */
    private static final int MOST_CALLS = 1_500;

    /** Each of them may have taken effect at any later time, which the checker has to try. */
    private static final int MOST_UNKNOWN = 12;

    private final String name;
    private final int region;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();

    /** The version that some client saw last: a guess that is right more often than not. */
    private volatile long version;

    TorturedKey(String name, int region) {
        this.name = name;
        this.region = region;
    }

    String name() {
        return name;
    }

    Bytes bytes() {
        return Bytes.utf8(name);
    }

    int region() {
        return region;
    }

    void called() {
        calls.incrementAndGet();
    }

    void leftUnknown() {
        unknown.incrementAndGet();
    }

    boolean isWornOut() {
        return calls.get() >= MOST_CALLS || unknown.get() >= MOST_UNKNOWN;
    }

    /** What a client may expect: mostly right, sometimes outdated, sometimes that it is absent. */
    long guessedVersion(RandomGenerator random) {
        long seen = version;
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> Math.max(0, seen - 1);
            default -> seen;
        };
    }

    void sawVersion(long seen) {
        version = seen;
    }
}
