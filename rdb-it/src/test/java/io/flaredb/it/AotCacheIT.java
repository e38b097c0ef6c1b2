package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM's cache of loaded classes, which the build makes and commands and servers start from. */
class AotCacheIT {
    private static final Path CACHE = Installation.root().resolve("rdb-cli/target/flaredb.aot");

    @TempDir Path folder;

    @Test
    void commandsTakeTheirClassesFromTheBuildsCache() throws Exception {
        Path classes = folder.resolve("classes.log");
        Finished version = run("-Xlog:class+load:file=" + classes);

        assertThat(version.stderr()).isEmpty();
        assertThat(Files.readAllLines(classes)).anyMatch(AotCacheIT::isOursAndCached);
    }

    @Test
    void serversTakeTheirClassesFromTheBuildsCache() throws Exception {
        Path classes = folder.resolve("classes.log");
        List<String> pd =
                Installation.flaredb(
                        "pd", "--addr=127.0.0.1:0", "--data-dir=" + folder.resolve("pd"));
        try (FlareProcess server =
                FlareProcess.start(
                        pd, Map.of("FLAREDB_JAVA_OPTS", "-Xlog:class+load:file=" + classes))) {
            server.awaitReady();
            assertThat(server.terminate().stderr()).isEmpty();
        }
        assertThat(Files.readAllLines(classes)).anyMatch(AotCacheIT::isOursAndCached);
    }

    private static boolean isOursAndCached(String line) {
        return line.contains(" io.flaredb.") && line.contains("shared objects file");
    }

    @Test
    void aCacheThatDoesNotFitIsNothingToTell() {
        assertThat(run("-XX:+UseCompactObjectHeaders").stderr()).isEmpty();
    }

    @Test
    void commandsStartWithAnotherCollectorToo() {
        run("-XX:+UseParallelGC");
    }

    @Test
    void aDamagedCacheIsLeftAside() throws Exception {
        Path damaged = folder.resolve("damaged.aot");
        Files.copy(CACHE, damaged);
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            byte[] bytes = new byte[20 * 1024];
            for (long at = 1 << 20; at + bytes.length < file.length(); at += 4 << 20) {
                file.seek(at);
                file.readFully(bytes);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] ^= 0x55;
                }
                file.seek(at);
                file.write(bytes);
            }
        }
        run("-XX:AOTCache=" + damaged);
    }

    /** Runs a command, which must succeed. */
    private static Finished run(String javaOption) {
        Finished version =
                FlareProcess.start(
                                Installation.flaredb("--version"),
                                Map.of("FLAREDB_JAVA_OPTS", javaOption))
                        .awaitExit();
        assertThat(version.exitCode()).as(version.toString()).isZero();
        return version;
    }
}
