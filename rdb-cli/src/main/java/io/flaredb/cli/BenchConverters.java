package io.flaredb.cli;

import io.flaredb.bench.Workload;
import io.flaredb.bytes.SizeLimits;

/** Reads the values of the options of {@code flaredb bench}. */
final class BenchConverters {
    private BenchConverters() {}

    static final class Workloads extends Converters.Choice<Workload> {
        Workloads() {
            super(Workload.values());
        }
    }

    static final class InFlight extends Converters.Count {
        InFlight() {
            super(65_536);
        }
    }

    static final class Seconds extends Converters.Count {
        Seconds() {
            super(86_400);
        }
    }

    static final class Rate extends Converters.Count {
        Rate() {
            super(10_000_000);
        }
    }

    static final class Runs extends Converters.Count {
        Runs() {
            super(100);
        }
    }

    static final class Keys extends Converters.Count {
        Keys() {
            super(100_000_000);
        }
    }

    static final class ContendedKeys extends Converters.Count {
        ContendedKeys() {
            super(999_999); // as many digits as such a key has
        }
    }

    static final class ValueSize extends Converters.Count {
        ValueSize() {
            super(SizeLimits.MAX_VALUE_BYTES);
        }
    }
}
