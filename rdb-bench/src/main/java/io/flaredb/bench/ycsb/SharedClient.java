package io.flaredb.bench.ycsb;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The one client of all bindings in this process, open while there is one that uses it. */
final class SharedClient {
    /** Long: all of YCSB's threads begin at once, in a JVM that has just started. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final Object LOCK = new Object();

    // Guarded by LOCK.
    private static @Nullable FlareDb db;
    private static int users;

    private SharedClient() {}

    static FlareDb acquire(String pdAddress) {
        synchronized (LOCK) {
            FlareDb open = db;
            if (open == null) {
                open = FlareDb.connect(pdAddress, FlareDbOptions.defaults().withTimeout(TIMEOUT));
                db = open;
            }
            users++;
            return open;
        }
    }

    static void release() {
        synchronized (LOCK) {
            FlareDb open = db;
            users--;
            if (users == 0 && open != null) {
                open.close();
                db = null;
            }
        }
    }
}
