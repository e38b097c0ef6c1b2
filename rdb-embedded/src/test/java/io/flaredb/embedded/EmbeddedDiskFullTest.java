package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk in memory that fills up; where mounting one is not permitted, skipped unless strict. */
class EmbeddedDiskFullTest {
    private static final int DISK_MEBIBYTES = 256;
    private static final int FREE_MEBIBYTES = 96;
    private static final Bytes LARGE = incompressible();

    @TempDir Path disk;

    private static Bytes incompressible() {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    @BeforeEach
    void mount() throws Exception {
        boolean mounted =
                run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEBIBYTES + "m", "tmpfs") == 0;
        String missing = "no permission to mount a tmpfs";
        if (Boolean.getBoolean("flaredb.it.strict")) {
            assertThat(mounted).as(missing).isTrue();
        }
        Assumptions.assumeTrue(mounted, missing);
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount"); // does nothing if the test was skipped
    }

    private int run(String... command) throws Exception {
        String[] whole = Arrays.copyOf(command, command.length + 1);
        whole[command.length] = disk.toString();
        return new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void losesNothingAndWritesOnOnceThereIsRoom() throws Exception {
        Path ballast = disk.resolve("ballast");
        try (FlareDb db = FlareDb.openEmbedded(disk.resolve("data"), FlareDbContract.OPTIONS)) {
            Set<Bytes> acknowledged = new HashSet<>();
            long toTake = disk.toFile().getUsableSpace() - (FREE_MEBIBYTES << 20);
            Files.write(ballast, new byte[(int) Math.max(0, toTake)]);
            Throwable refused = null;
            for (int i = 0; i < DISK_MEBIBYTES && refused == null; i++) {
                Bytes key = Bytes.utf8("key" + i);
                refused = catchThrowable(() -> db.raw().put(key, LARGE));
                if (refused == null) {
                    acknowledged.add(key);
                }
            }
            assertThat(acknowledged).isNotEmpty();
            assertThat(refused)
                    .isInstanceOfAny(OutcomeUnknownException.class, RefusedException.class);
            assertThat(refused).hasMessageContaining("disk");
            assertThat(catchThrowable(() -> db.raw().put(Bytes.utf8("more"), LARGE)))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageStartingWith("the embedded store refuses writes: ");
            acknowledged.forEach(key -> assertThat(db.raw().get(key)).contains(LARGE));

            Files.delete(ballast);
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsMatching(FlareDbException.class::isInstance)
                    .untilAsserted(() -> db.raw().put(Bytes.utf8("after"), LARGE));
            acknowledged.forEach(key -> assertThat(db.raw().get(key)).contains(LARGE));
        }
    }
}
