package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class StorageOptionsTest {
    @Test
    void hasDefaults() {
        assertThat(StorageOptions.defaults())
                .isEqualTo(new StorageOptions(128 << 20, 64 << 20, 32 << 20, 2));
    }

    @Test
    void namesTheKeyTheValueAndWhatIsAllowed() {
        assertThatThrownBy(() -> new StorageOptions(1, 0, 1 << 20, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("storage.block-cache-bytes is 1: allowed are 1048576 to 1099511627776");
        assertThatThrownBy(() -> new StorageOptions(1 << 20, 1, 1 << 20, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "storage.record-cache-bytes is 1: allowed are 0, 1048576 to 1099511627776");
        assertThatThrownBy(() -> new StorageOptions(1 << 20, 0, 5L << 30, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "storage.write-buffer-bytes is 5368709120: allowed are 65536 to 4294967296");
        assertThatThrownBy(() -> new StorageOptions(1 << 20, 0, 1 << 20, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("storage.background-jobs is 1: allowed are 2 to 64");
    }
}
