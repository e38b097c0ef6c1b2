package io.flaredb.pd.server;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.rpc.HostAndPort;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A placement driver in a process of its own, for tests to kill: {@code DATA_DIR PORT
 * CLOCK_OFFSET_MILLIS}. Prints its port when ready; ends when its standard input does, so that it
 * never outlives the test.
 */
final class PdProcessMain {
    private PdProcessMain() {}

    public static void main(String[] args) throws IOException {
        PlacementDriverOptions defaults = PlacementDriverOptions.defaults();
        long clockOffsetMillis = Long.parseLong(args[2]);
        PlacementDriverOptions options =
                new PlacementDriverOptions(
                        defaults.tsoAhead(),
                        defaults.storeUp(),
                        defaults.storage(),
                        () -> System.currentTimeMillis() + clockOffsetMillis,
                        defaults.nanoClock());
        try (PlacementDriverServer server =
                PlacementDriverServer.start(
                        new HostAndPort("127.0.0.1", Integer.parseInt(args[1])),
                        Path.of(args[0]),
                        options,
                        failure -> {})) {
            System.out.println(server.address().port());
            while (System.in.read() >= 0) {
                // Nothing is said to it; it waits for the end.
            }
        }
    }
}
