package io.flaredb.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Watches what processes make durable, by a library loaded before libc ({@code syncwatch.c}, which
 * says what counts). One log serves all runs over a data folder: what was durable once stays so.
 *
 * @param library the compiled library
 * @param log where it writes
 */
public record SyncWatch(Path library, Path log) {
    /** Compiles the library into a folder; skips the test where there is no C compiler. */
    public static SyncWatch compile(Path folder) {
        PreloadLibrary.missing().ifPresent(Needs::missing);
        Path library = PreloadLibrary.compile("syncwatch", folder);
        return new SyncWatch(library, folder.resolve("syncwatch.log"));
    }

    /** The same library with another log, for another data folder. */
    public SyncWatch loggingTo(Path otherLog) {
        return new SyncWatch(library, otherLog);
    }

    /** The environment of a process to be watched. */
    public Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "FLAREDB_SYNCWATCH_LOG", log.toString());
    }

    /** The same for a process that ends, as by {@code kill -9}, just before its n-th sync. */
    public Map<String, String> environmentKillingAt(int sync) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("FLAREDB_SYNCWATCH_KILL_AT", Integer.toString(sync));
        return environment;
    }

    /** The same for a process whose disk stalls while a file exists: no sync begins. */
    public Map<String, String> environmentStallingBy(Path file) {
        Map<String, String> environment = new HashMap<>(environment());
        environment.put("FLAREDB_SYNCWATCH_STALL", file.toString());
        return environment;
    }

    /** How many bytes of each file are durable; of a file that is not in here, none. */
    Map<FileIdentity, Long> durableBytes() throws IOException {
        Map<FileIdentity, Long> durable = new HashMap<>();
        if (Files.exists(log)) {
            for (String line : Files.readAllLines(log)) {
                String[] fields = line.split(" ");
                var file =
                        new FileIdentity(
                                Long.parseLong(fields[0]),
                                Long.parseLong(fields[1]),
                                Integer.parseInt(fields[2]));
                durable.merge(file, Long.parseLong(fields[3]), Math::max);
            }
        }
        return durable;
    }
}
