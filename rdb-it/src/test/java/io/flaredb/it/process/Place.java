package io.flaredb.it.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a PD or server runs.
 *
 * @param commandPrefix put before its command, such as one that enters a network namespace; what it
 *     starts must take its place ({@code exec}), so that signals meet the right process
 * @param address under which it serves, the same over restarts
 * @param data its data folder
 * @param environment added to that of the process
 */
public record Place(
        List<String> commandPrefix, String address, Path data, Map<String, String> environment) {
    private static final String PRELOAD = "LD_PRELOAD";

    public Place {
        commandPrefix = List.copyOf(commandPrefix);
        environment = Map.copyOf(environment);
    }

    /** A place on this machine's loopback, with nothing special. */
    public static Place plain(Path data) {
        return new Place(List.of(), FreePorts.address(), data, Map.of());
    }

    /**
     * The same with more environment; libraries to be loaded first are added to those there are.
     */
    public Place with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        more.forEach((name, value) ->
                all.merge(
                        name,
                        value,
                        (old, added) -> name.equals(PRELOAD) ? old + ":" + added : added));
        return new Place(commandPrefix, address, data, all);
    }
}
