package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.UnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan is read page by page, on the thread that waits for it. */
class EmbeddedScanTest {
    private static final Bytes VALUE = Bytes.wrap(new byte[4 * 1024 * 1024]);
    private static final FlareDbOptions VERY_IMPATIENT =
            FlareDbOptions.defaults().withTimeout(Duration.ofMillis(1));

    @TempDir Path dir;

    @Test
    void endsBetweenPagesAtItsDeadline() {
        try (FlareDb db = FlareDb.openEmbedded(dir, FlareDbContract.OPTIONS)) {
            for (int i = 0; i < 10; i++) { // nobody reads 40 MB in a millisecond
                db.raw().put(Bytes.utf8("k" + i), VALUE);
            }
        }
        try (FlareDb db = FlareDb.openEmbedded(dir, VERY_IMPATIENT)) {
            assertThatThrownBy(() -> db.raw().scan(KeyRange.ALL, 10))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("the embedded store has not answered (gave up after 1 ms)");
        }
    }
}
