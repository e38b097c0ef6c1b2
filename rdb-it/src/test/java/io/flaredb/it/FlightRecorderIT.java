package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that Java's flight recorder looks into. */
class FlightRecorderIT {
    private static final int WRITES = 2_000;

    @TempDir Path folder;

    @Test
    void aRecordingDoesNotDisturbTheRaftLibrary() throws Exception {
        Path started = Files.createDirectory(folder.resolve("started"));
        List<String> command =
                new ArrayList<>(
                        List.of("bash", "-c", "cd \"$0\" && exec \"$@\"", started.toString()));
        command.addAll(
                Installation.flaredb(
                        "dev",
                        "--pd-addr=127.0.0.1:0",
                        "--addr=127.0.0.1:0",
                        "--data-dir=" + folder.resolve("data")));
        try (FlareProcess dev =
                FlareProcess.start(
                        command,
                        Map.of("FLAREDB_JAVA_OPTS", "-XX:StartFlightRecording=settings=profile"))) {
            try (FlareDb db = FlareDb.connect(dev.awaitReady().after("pd"))) {
                for (int i = 0; i < WRITES; i++) {
                    db.raw().put(Bytes.utf8("k" + i), Bytes.utf8("v"));
                }
            }
            assertThat(dev.terminate().exitCode()).isZero();
        }
        assertThat(started).as("the library's reports about itself").isEmptyDirectory();
    }
}
