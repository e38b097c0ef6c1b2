package io.flaredb.it.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a PD or server runs, the same over its restarts.
 *
 * @param data its data folder
 * @param address under which it serves, {@code host:port}
 * @param commandPrefix put before its command, such as one that enters a network namespace; what it
 *     starts must take its place ({@code exec}), so that signals meet the right process
 * @param environment added to that of the process
 */
public record Place(
        Path data, String address, List<String> commandPrefix, Map<String, String> environment) {
    /** Options of its JVM; the last one of a kind counts. */
    public static final String JAVA_OPTS = "FLAREDB_JAVA_OPTS";

    /** What a process is given besides what it has, and what joins the two. */
    private static final Map<String, String> LISTS = Map.of("LD_PRELOAD", ":", JAVA_OPTS, " ");

    /** Several processes run at once, so none may take what Java would give to one. */
    private static final Map<String, String> EVERYWHERE =
            Map.of(JAVA_OPTS, "-Xmx512m", "FLAREDB_LOG_LEVEL", "info");

    public Place {
        commandPrefix = List.copyOf(commandPrefix);
        environment = Map.copyOf(environment);
    }

    /** On this machine's loopback under a free port, with nothing special. */
    public static Place local(Path data) {
        return new Place(data, FreePorts.address(), List.of(), EVERYWHERE);
    }

    /** Elsewhere, with nothing special but how a command gets there. */
    public static Place at(Path data, String address, List<String> commandPrefix) {
        return new Place(data, address, commandPrefix, EVERYWHERE);
    }

    /**
     * The same with more environment; libraries to be loaded first and options of the JVM are added
     * to those there are.
     */
    public Place with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        more.forEach((name, value) -> {
            if (LISTS.containsKey(name)) {
                all.merge(name, value, (old, added) -> old + LISTS.get(name) + added);
            } else {
                all.put(name, value);
            }
        });
        return new Place(data, address, commandPrefix, all);
    }

    /**
     * Starts {@code flaredb} here.
     *
     * @param arguments without address and data folder
     */
    public FlareProcess start(List<String> arguments) {
        List<String> command = new ArrayList<>(commandPrefix);
        command.addAll(Installation.flaredb(arguments.toArray(String[]::new)));
        command.addAll(List.of("--addr", address, "--data-dir", data.toString()));
        return FlareProcess.start(command, environment);
    }
}
