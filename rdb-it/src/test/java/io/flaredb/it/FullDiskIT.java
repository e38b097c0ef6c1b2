package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.it.fault.SmallDisk;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up under a process. */
class FullDiskIT {
    private static final int DISK_MEBIBYTES = 256;
    private static final int BYTES_LEFT = 1 << 20;
    // RocksDB has laid hands on space for tens of MiB of log before the disk fills up.
    private static final int VALUE_BYTES = 256 * 1024;
    private static final int MOST_WRITES = 1_000;

    @TempDir Path folder;

    @Test
    void refusesWritesServesReadsAndWritesAgainOnceThereIsSpace() throws IOException {
        Path data = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(data, DISK_MEBIBYTES);
                Cluster cluster =
                        new Cluster(folder.resolve("pd"), data.resolve("server"), Map.of())
                                .start();
                FlareDb db = FlareDb.connect(cluster.pdAddress())) {
            disk.fill(BYTES_LEFT);
            Map<Bytes, Bytes> acknowledged = new LinkedHashMap<>();

            RefusedException refused = writeUntilRefused(db, acknowledged);

            assertThat(refused).hasMessageContaining("disk full");
            assertAllThere(db, acknowledged);
            Finished cli = cluster.cli().run("raw", "put", "refused", "v");
            assertThat(cli.exitCode()).as(cli.toString()).isEqualTo(1);
            assertThat(cli.complaint()).contains("disk full");

            disk.free();

            await("writes to go on")
                    .atMost(FlareProcess.DEADLINE)
                    .until(() -> put(db, Bytes.utf8("after"), Bytes.utf8("v")).isEmpty());
            assertAllThere(db, acknowledged);
            cluster.killServer();
            cluster.start();
            assertAllThere(db, acknowledged);
            assertThat(db.raw().get(Bytes.utf8("after"))).contains(Bytes.utf8("v"));
            assertThat(db.raw().get(Bytes.utf8("refused"))).isEmpty();
        }
    }

    @Test
    void aFullDiskAtTheStartIsReported() throws IOException {
        Path data = folder.resolve("disk");
        try (SmallDisk disk = SmallDisk.mount(data, 1)) {
            disk.fill(0);
            Finished pd =
                    FlareProcess.flaredb(
                                    "pd",
                                    "--data-dir",
                                    data.resolve("pd").toString(),
                                    "--addr",
                                    "127.0.0.1:0")
                            .awaitExit();

            assertThat(pd.exitCode()).as(pd.toString()).isEqualTo(1);
            assertThat(pd.complaint()).contains(data.toString());
        }
    }

    private static RefusedException writeUntilRefused(FlareDb db, Map<Bytes, Bytes> acknowledged) {
        for (int i = 0; i < MOST_WRITES; i++) {
            byte[] content = new byte[VALUE_BYTES];
            Arrays.fill(content, (byte) i);
            Bytes key = Bytes.utf8("key" + i);
            Bytes value = Bytes.wrap(content);
            Optional<FlareDbException> failure = put(db, key, value);
            if (failure.isEmpty()) {
                acknowledged.put(key, value);
            } else if (failure.get() instanceof RefusedException refused) {
                return refused;
            }
        }
        throw new AssertionError("the disk took " + MOST_WRITES + " writes");
    }

    /** Empty: acknowledged. The write that meets the full disk may have an unknown outcome. */
    private static Optional<FlareDbException> put(FlareDb db, Bytes key, Bytes value) {
        try {
            db.raw().put(key, value);
            return Optional.empty();
        } catch (OutcomeUnknownException | RefusedException e) {
            return Optional.of(e);
        }
    }

    private static void assertAllThere(FlareDb db, Map<Bytes, Bytes> acknowledged) {
        acknowledged.forEach((key, value) -> assertThat(db.raw().get(key)).contains(value));
    }
}
