package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Does the simulated power loss tell what was synced from what was not? */
class PowerLossIT {
    private static final int PUTS = 500;

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void keepsWhatWasSynced(PowerLoss loss) throws Exception {
        int done = putUntilKilled(true);

        loss.strike(folder.resolve("db"), watch(), new Random(1));

        assertThat(found(done)).isEqualTo(done);
    }

    @Test
    void takesAwayWhatWasNotSynced() throws Exception {
        int done = putUntilKilled(false);
        assertThat(done).isGreaterThanOrEqualTo(PUTS);

        PowerLoss.CLEAN.strike(folder.resolve("db"), watch(), new Random(1));

        assertThat(found(done)).isZero();
    }

    @Test
    void tellsAFileFromALaterOneWithTheSameInode() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "synced");
        FileIdentity first = FileIdentity.of(file);
        Files.delete(file);
        FileIdentity second = FileIdentity.of(Files.writeString(file, "not synced"));

        assertThat(second).isNotEqualTo(first);
    }

    private SyncWatch watch() {
        return SyncWatch.compile(folder);
    }

    /** Returns how many puts were done before the process was killed. */
    private int putUntilKilled(boolean sync) {
        List<String> command =
                List.of(
                        Installation.java(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SyncedPuts.class.getName(),
                        folder.resolve("db").toString(),
                        Boolean.toString(sync));
        try (FlareProcess writer = FlareProcess.start(command, watch().environment())) {
            await("puts of " + writer)
                    .atMost(FlareProcess.DEADLINE)
                    .until(() -> !writer.isAlive() || writer.stdoutLines() >= PUTS);
            writer.kill();
            return writer.stdoutLines();
        }
    }

    private int found(int most) throws RocksDBException {
        int found = 0;
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, folder.resolve("db").toString())) {
            for (int i = 0; i < most; i++) {
                if (db.get(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)) != null) {
                    found++;
                }
            }
        }
        return found;
    }
}
