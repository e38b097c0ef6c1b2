package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two minutes of torture with a fixed seed; {@code scripts/torture.sh} is the long form. The report
 * is in {@code target/torture}.
 */
class TortureIT {
    private static final long SEED = Long.getLong("flaredb.it.seed", 4);

    @TempDir Path folder;

    @Test
    void everyVerdictHolds() throws Exception {
        TortureReport report =
                Torture.run(
                        new TortureOptions(
                                SEED,
                                Duration.ofMinutes(2),
                                EnumSet.allOf(FaultClass.class),
                                3,
                                4,
                                4,
                                400,
                                Path.of("target/torture").toAbsolutePath()),
                        folder);

        say(report.summary());
        assertThat(report.problems().all()).as(report.summary()).isEmpty();
        assertThat(report.isFine()).as(report.summary()).isTrue();
        assertThat(report.timeLine().counts()).containsOnlyKeys(FaultClass.values());
    }

    @SuppressWarnings("SystemOut") // the run's record
    private static void say(String line) {
        System.out.println(line);
    }
}
