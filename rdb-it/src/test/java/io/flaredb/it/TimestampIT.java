package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.load.Findings;
import io.flaredb.it.load.TimestampLoad;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients take timestamps at once, over a kill -9 of the PD. */
class TimestampIT {
    private static final int CLIENTS = 8;
    private static final int THREADS_PER_CLIENT = 4;
    private static final int TIMESTAMPS_PER_LIFE = 1_000_000;

    @TempDir Path folder;

    @Test
    void growOverAKillAndNeverRepeat() throws Exception {
        String address = FreePorts.address();
        Findings findings = new Findings();
        FlareDbOptions brief = FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(1));
        List<FlareDb> clients =
                Stream.generate(() -> FlareDb.connect(address, brief)).limit(CLIENTS).toList();
        try (TimestampLoad load = new TimestampLoad(clients, THREADS_PER_CLIENT, findings, 3)) {
            for (int life = 1; life <= 3; life++) {
                long target = findings.timestampsGiven() + TIMESTAMPS_PER_LIFE;
                try (FlareProcess pd =
                        FlareProcess.flaredb(
                                "pd", "--data-dir", folder.toString(), "--addr", address)) {
                    pd.awaitReady();
                    await("timestamps of life " + life)
                            .atMost(FlareProcess.DEADLINE)
                            .until(() -> findings.timestampsGiven() >= target);
                    pd.kill();
                }
            }
        } finally {
            clients.forEach(FlareDb::close);
        }

        assertThat(findings.all()).isEmpty();
    }
}
