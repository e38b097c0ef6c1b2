package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A byte on the disk is another one than was written. */
class EmbeddedDamageTest {
    private static final String WRITTEN = "a value that is found again on the disk";
    private static final Bytes DAMAGED = Bytes.utf8("damaged");
    private static final Bytes WHOLE = Bytes.utf8("whole");

    @TempDir Path dir;

    @Test
    void doesNothingMoreOnceAReadHasMetDamage() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dir, FlareDbContract.OPTIONS)) {
            db.raw().put(DAMAGED, Bytes.utf8(WRITTEN));
            db.raw().put(WHOLE, WHOLE); // the last entry of the log is read at the start
        }
        flipAByteOf(WRITTEN);
        try (FlareDb db = FlareDb.openEmbedded(dir, FlareDbContract.OPTIONS)) {
            assertThatThrownBy(() -> db.raw().get(DAMAGED))
                    .isInstanceOf(CorruptionException.class)
                    .hasMessageContaining("is damaged");

            assertStopped(() -> db.raw().put(WHOLE, WHOLE));
            assertStopped(() -> db.raw().get(WHOLE));
            assertStopped(() -> db.cas().get(WHOLE));
        }
    }

    private static void assertStopped(Runnable operation) {
        assertThatThrownBy(operation::run)
                .isInstanceOf(CorruptionException.class)
                .hasMessageStartingWith("the embedded store has stopped: ");
    }

    /** In the table that the record is in, not in the log's. */
    private void flipAByteOf(String written) throws IOException {
        int flipped = 0;
        try (DirectoryStream<Path> tables =
                Files.newDirectoryStream(dir.resolve("store"), "*.sst")) {
            for (Path table : tables) {
                byte[] bytes = Files.readAllBytes(table);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int at = text.indexOf(written);
                if (at >= 0 && !text.contains("raft_log")) {
                    bytes[at] ^= 1;
                    Files.write(table, bytes);
                    flipped++;
                }
            }
        }
        assertThat(flipped).isEqualTo(1);
    }
}
