package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client inside a program on the oldest Java it promises to run on. */
class Java17ClientIT {
    private static final String SOURCE = "rdb-it/src/test/java17/Session.java";

    @TempDir Path folder;

    @Test
    void doesEverythingOnJava17() {
        List<String> java17 = List.of("java");
        Finished version = FlareProcess.start(List.of("java", "-version"), Map.of()).awaitExit();
        Assumptions.assumeTrue(
                version.stderr().contains("version \"17."), "the java on the PATH is not 17");

        try (Cluster cluster = Cluster.started(folder)) {
            List<String> command =
                    List.of(
                            java17.getFirst(),
                            "-cp",
                            clientClassPath(),
                            Installation.root().resolve(SOURCE).toString(),
                            cluster.pdAddress());
            Finished session = FlareProcess.start(command, Map.of()).awaitExit();

            assertThat(session.exitCode()).as(session.toString()).isZero();
            assertThat(session.stdout()).endsWith("done");
        }
    }

    /**
     * All jars but those of the modules, and of RocksDB, that a user of the client doesn't have.
     */
    private static String clientClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        Files.exists(Path.of(entry))
                                && !entry.matches(
                                        ".*(rdb-(storage|pd|server|rpc|embedded|cli|it)\\b|rocksdbjni).*"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
