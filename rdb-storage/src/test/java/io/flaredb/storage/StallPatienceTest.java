package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** By a clock of its own, on which each look takes longer than is ever waited after a failure. */
class StallPatienceTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger attempts = new AtomicInteger();

    private StallPatience after(int backgroundErrors) {
        return new StallPatience(
                () -> backgroundErrors, () -> now.getAndAdd(2 * StallPatience.AFTER_FAILURE_NANOS));
    }

    private void turnedAwayUntil(int last, Status.Code code) throws RocksDBException {
        if (attempts.incrementAndGet() < last) {
            throw new RocksDBException(new Status(code, Status.SubCode.None, "no"));
        }
    }

    @Test
    void waitsWithoutLimitWhileNothingHasFailed() throws Exception {
        after(0).insist(() -> turnedAwayUntil(5, Status.Code.Incomplete));
        assertThat(attempts).hasValue(5);
    }

    @Test
    void givesUpOnceFlushingOrCompactingHasFailed() {
        assertThatThrownBy(() -> after(1).insist(() -> turnedAwayUntil(5, Status.Code.Incomplete)))
                .isInstanceOf(RocksDBException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void repeatsNoWriteThatFailed() {
        assertThatThrownBy(() -> after(0).insist(() -> turnedAwayUntil(5, Status.Code.IOError)))
                .isInstanceOf(RocksDBException.class);
        assertThat(attempts).hasValue(1);
    }
}
