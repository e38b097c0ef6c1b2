package io.flaredb.it.cluster;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Puts large values on a few keys, so that logs grow until they are cut while the records stay few.
 */
final class LargeWrites {
    private static final int IN_FLIGHT = 16;
    private static final int KEYS = 8;
    private static final int VALUE_BYTES = 256 << 10;

    private LargeWrites() {}

    /** Two snapshots come after 64 MiB each, and only the second cuts the log. */
    static void untilLogsAreCut(FlareDb db) throws InterruptedException {
        AtomicLong left = new AtomicLong((160L << 20) / VALUE_BYTES);
        until(db, left, () -> left.get() <= 0);
    }

    /** Writes that fail are let go. */
    static void until(FlareDb db, BooleanSupplier enough) throws InterruptedException {
        until(db, new AtomicLong(), enough);
    }

    private static void until(FlareDb db, AtomicLong countdown, BooleanSupplier enough)
            throws InterruptedException {
        byte[] value = new byte[VALUE_BYTES];
        new Random(1).nextBytes(value); // does not compress
        Bytes bytes = Bytes.wrap(value);
        Semaphore window = new Semaphore(IN_FLIGHT);
        for (int i = 0; !enough.getAsBoolean(); i++) {
            window.acquire();
            db.raw()
                    .async()
                    .put(Bytes.utf8("large/" + i % KEYS), bytes)
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            countdown.decrementAndGet();
                        }
                        window.release();
                    });
        }
        window.acquire(IN_FLIGHT);
    }
}
