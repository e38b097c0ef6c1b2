package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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
        if (FlareProcess.start(List.of("sh", "-c", "command -v cc"), Map.of())
                        .awaitExit()
                        .exitCode()
                != 0) {
            Needs.missing("a C compiler (cc)");
        }
        Path source = Installation.root().resolve("rdb-it/src/test/c/syncwatch.c");
        Path library = folder.resolve("syncwatch.so");
        Finished compiler =
                FlareProcess.start(
                                List.of(
                                        "cc",
                                        "-O2",
                                        "-Wall",
                                        "-shared",
                                        "-fPIC",
                                        "-o",
                                        library.toString(),
                                        source.toString(),
                                        "-ldl"),
                                Map.of())
                        .awaitExit();
        assertThat(compiler.exitCode()).as(compiler.stderr()).isZero();
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
