package io.flaredb.it.process;

import io.flaredb.it.process.FlareProcess.Finished;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs client commands against one PD, each in a process of its own. */
public record Cli(String pdAddress) {
    /** Runs {@code flaredb} with these arguments and waits for its end. */
    public Finished run(String... arguments) {
        return start(arguments).awaitExit();
    }

    /** Starts {@code flaredb} with these arguments. */
    public FlareProcess start(String... arguments) {
        List<String> command = new ArrayList<>(Installation.flaredb(arguments));
        return FlareProcess.start(command, Map.of("FLAREDB_PD", pdAddress));
    }
}
