package io.flaredb.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.FlareDb;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ClosedLoopTest {
    private static final int KEYS = 100;

    @TempDir Path dataDir;

    @ParameterizedTest
    @EnumSource(Workload.class)
    void countsWhatWasAnswered(Workload workload) throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadResult result = ClosedLoop.run(db, options(workload, 4));

            assertThat(result.failures()).isZero();
            assertThat(result.operations()).isPositive();
            assertThat(result.perSecond()).isPositive();
            assertThat(result.p50()).isLessThanOrEqualTo(result.p99());
            assertThat(result.p99()).isLessThanOrEqualTo(result.max());
        }
    }

    @Test
    void swapsEachKeyOneVersionAtATime() throws Exception {
        try (FlareDb db = FlareDb.openEmbedded(dataDir)) {
            LoadResult result = ClosedLoop.run(db, options(Workload.CAS, 3));

            long swaps = 0;
            for (var entry : db.cas().scan(KeyRange.ALL)) {
                swaps += entry.version();
            }
            // Reads of versions at the beginning count too, and swaps of the warm-up do not.
            assertThat(swaps).isGreaterThanOrEqualTo(result.operations() - KEYS);
            assertThat(db.cas().get(Bytes.utf8("bench0000000000"))).isPresent();
        }
    }

    @Test
    void needsAKeyForEachOperationUnderWay() {
        assertThatThrownBy(() -> options(Workload.PUT, KEYS + 1))
                .hasMessage("in-flight is 101 with 100 keys: allowed are 1 to the number of keys");
    }

    private static LoadOptions options(Workload workload, int inFlight) {
        return new LoadOptions(
                workload, inFlight, Duration.ofMillis(100), Duration.ofMillis(500), 16, KEYS, 1);
    }
}
