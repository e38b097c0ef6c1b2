package io.flaredb.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class KillTest {
    @TempDir Path dir;
    @TempDir Path temp;

    @Test
    @Timeout(120)
    void findsEveryAcknowledgedWriteAfterKillMinusNine() throws Exception {
        long last = 0;
        try (ChildProcess child = ChildProcess.writingTo(dir, temp)) {
            while (last < 200) {
                Long acknowledged = child.acknowledged();
                assertThat(acknowledged).as("answer after %d", last).isEqualTo(last + 1);
                last++;
            }
            child.kill();
            while (child.acknowledged() != null) {
                last++;
            }
        }
        try (StorageEngine engine = StorageEngine.open(dir, StorageOptions.defaults())) {
            for (long i = 1; i <= last; i++) {
                Bytes value = Bytes.utf8(Long.toString(i));
                assertThat(engine.get(value)).isEqualTo(value);
            }
            VersionedValue counter = requireNonNull(engine.getVersioned(Bytes.utf8("counter")));
            assertThat(counter.version()).isBetween(last, last + 1);
            assertThat(counter.value()).isEqualTo(Bytes.utf8(Long.toString(counter.version())));
            assertThat(engine.appliedIndex(new RegionId(1))).isEqualTo(2 * counter.version());
        }
    }
}
