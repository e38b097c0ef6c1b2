package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.it.fault.Network;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two minutes of torture with a fixed seed and all faults that this machine can do; {@code
 * scripts/torture.sh} is the long form. The report is in {@code target/torture}.
 */
class TortureIT {
    private static final long SEED = Long.getLong("flaredb.it.seed", 4);

    /** Two minutes, start, a recovery that takes its time, checks; on a busy machine. */
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    @Test
    void everyVerdictHolds() {
        List<String> command = new ArrayList<>();
        if (FaultClass.PARTITION.missing().isEmpty()) {
            command.addAll(Network.launcher()); // what it cuts, mounts and starts is its own
        }
        command.addAll(
                List.of(
                        Installation.java(),
                        "-Xmx1g",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Torture.class.getName(),
                        "--minutes",
                        "2",
                        "--seed",
                        Long.toString(SEED),
                        "--faults",
                        faults(),
                        "--report",
                        Path.of("target/torture").toAbsolutePath().toString()));
        try (FlareProcess torture = FlareProcess.start(command, Map.of())) {
            await("end of the torture").atMost(DEADLINE).until(() -> !torture.isAlive());
            Finished finished = torture.awaitExit();
            say(finished.stdout());
            assertThat(finished.exitCode()).as(finished.toString()).isZero();
            assertThat(finished.stdout()).contains("violations=0 lost=0 doubled=0");
        }
    }

    /** What is missing is left out, or where all has to be there ends the run. */
    private static String faults() {
        return Boolean.getBoolean("flaredb.it.strict")
                ? Stream.of(FaultClass.values())
                        .map(FaultClass::option)
                        .collect(Collectors.joining(","))
                : "all";
    }

    @SuppressWarnings("SystemOut") // the run's record
    private static void say(String lines) {
        System.out.println(lines);
    }
}
