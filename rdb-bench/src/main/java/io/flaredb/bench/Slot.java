package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * One of the places for operations that a load has: it holds one operation at a time.
 *
 * <p>Versioned keys are divided among the places, so that the swaps of {@link Workload#CAS} never
 * meet. Not thread-safe; each operation happens after the one before was answered.
 */
final class Slot {
    static final int SCAN_ENTRIES = 100;

    private static final int GETS_OF_100 = 50;
    private static final int PUTS_OF_100 = 45;

    private final Target target;
    private final KeySpace space;
    private final Workload workload;
    private final int number;
    private final int slots;
    private final int ownKeys;
    private final SplittableRandom random;

    /**
     * @param number of this place, from 0
     * @param slots how many there are
     */
    Slot(
            Target target,
            KeySpace space,
            Workload workload,
            int number,
            int slots,
            SplittableRandom random) {
        this.target = target;
        this.space = space;
        this.workload = workload;
        this.number = number;
        this.slots = slots;
        this.ownKeys = (space.keys() - number + slots - 1) / slots;
        this.random = random;
    }

    /** Begins the next operation. Throws nothing. */
    CompletableFuture<Answer> begin() {
        try {
            return operation();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Answer> operation() {
        return switch (workload) {
            case PUT -> put();
            case GET -> get();
            case GET_STALE -> target.getStale(anyKey()).thenApply(Slot::found);
            case CAS -> swap();
            case CAS_CONTENDED -> contendedSwap();
            case SCAN -> scan();
            case MIXED -> mixed();
            case TSO -> target.timestamp().thenApply(timestamp -> Answer.DONE);
        };
    }

    private CompletableFuture<Answer> put() {
        return target.put(anyKey(), space.value(random)).thenApply(done -> Answer.DONE);
    }

    private CompletableFuture<Answer> get() {
        return target.get(anyKey()).thenApply(Slot::found);
    }

    private static Answer found(boolean found) {
        return found ? Answer.DONE : Answer.MISSING;
    }

    private CompletableFuture<Answer> scan() {
        int start = random.nextInt(Math.max(1, space.keys() - SCAN_ENTRIES + 1));
        int written = Math.min(SCAN_ENTRIES, space.keys() - start);
        return target.scan(space.key(start), SCAN_ENTRIES)
                .thenApply(entries -> found(entries >= written));
    }

    private CompletableFuture<Answer> mixed() {
        int drawn = random.nextInt(100);
        if (drawn < GETS_OF_100) {
            return get();
        }
        return drawn < GETS_OF_100 + PUTS_OF_100 ? put() : swap();
    }

    private CompletableFuture<Answer> swap() {
        int key = number + random.nextInt(ownKeys) * slots;
        Bytes name = space.key(key);
        Bytes value = space.value(random);
        // Not known after a failure: the read is then part of the swap.
        CompletableFuture<OptionalLong> swapped =
                space.isVersionKnown(key)
                        ? target.swap(name, space.version(key), value)
                        : target.version(name)
                                .thenCompose(version -> target.swap(name, version, value));
        return swapped.whenComplete(
                        (version, failure) -> {
                            if (failure == null && version.isPresent()) {
                                space.setVersion(key, version.getAsLong());
                            } else {
                                space.forgetVersion(key);
                            }
                        })
                .thenApply(Slot::swapped);
    }

    private CompletableFuture<Answer> contendedSwap() {
        Bytes key = space.contendedKey(random.nextInt(space.contendedKeys()));
        Bytes value = space.value(random);
        return target.version(key)
                .thenCompose(version -> target.swap(key, version, value))
                .thenApply(Slot::swapped);
    }

    private static Answer swapped(OptionalLong version) {
        return version.isPresent() ? Answer.DONE : Answer.CONFLICT;
    }

    private Bytes anyKey() {
        return space.key(random.nextInt(space.keys()));
    }
}
