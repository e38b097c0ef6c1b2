package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.fault.PowerLoss;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FreePorts;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A loss of power while a data folder is being made, at each sync of a first start in turn:
 * whatever is left must be good enough to start from.
 *
 * <p>The short form tries a few of the syncs, by the seed {@code flaredb.it.seed}; with the system
 * property {@code flaredb.it.everySync} all.
 */
class FirstStartCrashIT {
    private static final int MOST_SYNCS = 200;
    private static final boolean EVERY_SYNC = Boolean.getBoolean("flaredb.it.everySync");
    private static final int STRIDE = EVERY_SYNC ? 1 : 9;
    private static final long SEED = Long.getLong("flaredb.it.seed", System.nanoTime());

    private static final int KILLED = 128 + 9;

    @SuppressWarnings("NullAway.Init")
    private static SyncWatch library;

    @TempDir Path folder;

    @BeforeAll
    static void compile(@TempDir Path libraryFolder) {
        library = SyncWatch.compile(libraryFolder);
    }

    @ParameterizedTest
    @EnumSource
    void pdStartsAgain(PowerLoss loss) throws IOException {
        startsAgain(loss, data -> pd(data, "127.0.0.1:0"));
    }

    @Test
    void storeStartsAgain() throws IOException {
        String pdAddress = FreePorts.address();
        try (FlareProcess pd = FlareProcess.start(pd(folder.resolve("pd"), pdAddress), Map.of())) {
            pd.awaitReady();
            startsAgain(
                    PowerLoss.CLEAN,
                    data ->
                            Installation.flaredb(
                                    "server",
                                    "--data-dir",
                                    data.toString(),
                                    "--addr",
                                    FreePorts.address(),
                                    "--pd",
                                    pdAddress));
        }
    }

    private static List<String> pd(Path data, String address) {
        return Installation.flaredb("pd", "--data-dir", data.toString(), "--addr", address);
    }

    /** What to run on a data folder. */
    private interface Command {
        List<String> on(Path data);
    }

    private void startsAgain(PowerLoss loss, Command command) throws IOException {
        Random random = new Random(SEED);
        int firstSync = 1 + random.nextInt(STRIDE);
        int sync = firstSync;
        while (crashesAt(sync, loss, command, random)) {
            sync += STRIDE;
            assertThat(sync).as("a start that never ends").isLessThan(MOST_SYNCS);
        }
        assertThat(sync).as("seed " + SEED).isGreaterThan(firstSync);
    }

    /** Returns false if a first start has fewer syncs. */
    private boolean crashesAt(int sync, PowerLoss loss, Command command, Random random)
            throws IOException {
        Path data = folder.resolve("data-sync" + sync);
        SyncWatch watch = library.loggingTo(folder.resolve("log-sync" + sync));
        try (FlareProcess first =
                FlareProcess.start(command.on(data), watch.environmentKillingAt(sync))) {
            if (first.isReadyBeforeItEnds()) {
                return false;
            }
            assertThat(first.awaitExit().exitCode()).as(first.toString()).isEqualTo(KILLED);
        }
        if (Files.exists(data)) {
            loss.strike(data, watch, random);
        }
        try (FlareProcess second = FlareProcess.start(command.on(data), Map.of())) {
            second.awaitReady();
        }
        return true;
    }
}
