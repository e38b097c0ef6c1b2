package io.flaredb.peers;

import io.flaredb.peers.system.PeerSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a report must say besides figures. */
final class Circumstances {
    private static final List<String> IN_MEMORY = List.of("tmpfs", "ramfs");

    private Circumstances() {}

    /**
     * One line each.
     *
     * @param data the folder of the servers' data
     * @throws IllegalArgumentException if that is not on a disk: a sync would cost nothing
     */
    static List<String> of(Plan plan, List<PeerSystem> systems, Path data) throws IOException {
        String fileSystem = Files.getFileStore(data).type();
        if (IN_MEMORY.contains(fileSystem)) {
            throw new IllegalArgumentException(
                    data + " is in memory (" + fileSystem + "): choose a disk with --data");
        }
        return List.of(
                "%d rounds; every load %s s, %s s into it, after %s s of warm-up in each turn"
                        .formatted(
                                plan.rounds(),
                                seconds(plan.duration()),
                                seconds(plan.settling()),
                                seconds(plan.warmUp())),
                "%d node(s), %,d keys, values of %d B, every write synced to disk before its answer"
                        .formatted(plan.nodes(), plan.keys(), plan.valueBytes()),
                "%d processors, Java %s, %s %s, data on %s"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("java.version"),
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                fileSystem),
                "programs: "
                        + systems.stream()
                                .flatMap(system -> system.version().stream())
                                .distinct()
                                .collect(Collectors.joining("; ")),
                "ratios: FlareDB's throughput to the system's, round by round; their median");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3);
    }
}
