package io.flaredb.bench;

import java.time.Duration;

/**
 * How long a load runs before it is measured: until its throughput is steady, within these bounds.
 *
 * @param atLeast also if it is steady before
 * @param atMost even if it is not steady by then; not below {@code atLeast}
 */
public record WarmUp(Duration atLeast, Duration atMost) {
    public WarmUp {
        if (atLeast.isNegative() || atMost.compareTo(atLeast) < 0) {
            throw new IllegalArgumentException(
                    "warm-up is %d to %d ms: the most must not be below the least"
                            .formatted(atLeast.toMillis(), atMost.toMillis()));
        }
    }
}
