package io.flaredb.it.cluster;

import static org.awaitility.Awaitility.await;

import io.flaredb.it.load.Load;
import io.flaredb.it.process.FlareProcess;
import java.time.Duration;

/** Waits for a load to get on. */
public final class Progress {
    private Progress() {}

    /** Waits until so many more writes are acknowledged. */
    public static void awaitWrites(Load load, long more) {
        long target = load.findings().acknowledgedWrites() + more;
        await(more + " more writes")
                .atMost(FlareProcess.DEADLINE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> load.findings().acknowledgedWrites() >= target);
    }
}
