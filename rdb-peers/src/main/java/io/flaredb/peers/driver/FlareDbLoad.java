package io.flaredb.peers.driver;

import io.flaredb.bench.FlareDbTarget;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.peers.load.Load;
import java.time.Duration;

/** Load on FlareDB, through its client. The address is the placement driver's. */
final class FlareDbLoad {
    /**
     * Waits as long as the other clients do, or nearly: a start on a busy machine takes its time.
     * Answers come on the network's thread, as those of the other clients do.
     */
    private static final FlareDbOptions OPTIONS =
            FlareDbOptions.defaults()
                    .withTimeout(Duration.ofSeconds(30))
                    .withExecutor(Runnable::run);

    private FlareDbLoad() {}

    public static void main(String[] arguments) {
        Load.main(
                arguments,
                addresses -> new FlareDbTarget(FlareDb.connect(addresses.getFirst(), OPTIONS)));
    }
}
