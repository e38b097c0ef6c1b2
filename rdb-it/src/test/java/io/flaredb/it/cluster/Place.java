package io.flaredb.it.cluster;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FreePorts;
import io.flaredb.it.process.Installation;
import io.flaredb.storage.CrashPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where one process of a cluster runs, the same over its restarts.
 *
 * @param data its data folder
 * @param address where it listens, {@code host:port}
 * @param prefix put before its command, say to enter a namespace; must become the command (exec)
 * @param environment added to that of all processes
 */
public record Place(
        Path data, String address, List<String> prefix, Map<String, String> environment) {
    private static final String JAVA_OPTS = "FLAREDB_JAVA_OPTS";

    /** Several processes run at once, so none may take what Java would give to one. */
    private static final Map<String, String> EVERYWHERE =
            Map.of(JAVA_OPTS, "-Xmx512m", "FLAREDB_LOG_LEVEL", "info");

    public Place {
        prefix = List.copyOf(prefix);
        environment = Map.copyOf(environment);
    }

    /** On this machine under a free port. */
    public static Place local(Path data) {
        return new Place(data, FreePorts.address(), List.of(), Map.of());
    }

    /** The same place with this environment. */
    public Place with(Map<String, String> otherEnvironment) {
        return new Place(data, address, prefix, otherEnvironment);
    }

    /** The same place, whose process ends when it comes to a point the {@code n}th time. */
    Place armed(CrashPoint point, int n) {
        Map<String, String> all = new HashMap<>(EVERYWHERE);
        all.putAll(environment);
        all.merge(JAVA_OPTS, " -D" + CrashPoint.PROPERTY + "=" + point.at(n), String::concat);
        return with(all);
    }

    /** Starts {@code flaredb pd} or {@code flaredb server} here. */
    FlareProcess start(String command, List<String> options) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(Installation.flaredb(command));
        line.addAll(List.of("--data-dir", data.toString(), "--addr", address));
        line.addAll(options);
        Map<String, String> all = new HashMap<>(EVERYWHERE);
        all.putAll(environment);
        return FlareProcess.start(line, all);
    }
}
