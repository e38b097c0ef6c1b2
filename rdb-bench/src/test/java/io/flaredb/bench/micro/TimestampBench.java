package io.flaredb.bench.micro;

import io.flaredb.pd.tso.BoundStore;
import io.flaredb.pd.tso.TimestampOracle;
import io.flaredb.pd.tso.WallClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The timestamp oracle with a bound that is kept in memory only. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // set up by JMH
public class TimestampBench {
    private TimestampOracle oracle;

    /** Starts an oracle. */
    @Setup
    public void start() {
        BoundStore memory =
                new BoundStore() {
                    private long kept;

                    @Override
                    public synchronized long load() {
                        return kept;
                    }

                    @Override
                    public synchronized void persist(long bound) {
                        kept = bound;
                    }
                };
        // Far ahead: more is handed out here per second than the clock has timestamps.
        oracle = TimestampOracle.start(memory, WallClock.SYSTEM, Duration.ofHours(1));
    }

    /** Ends the oracle's thread. */
    @TearDown
    public void close() {
        oracle.close();
    }

    /** One timestamp, nobody else asking. */
    @Benchmark
    public long alone() {
        return oracle.allocate(1);
    }

    /** One timestamp, with a second thread that asks all the time. */
    @Benchmark
    @Threads(2)
    public long two() {
        return oracle.allocate(1);
    }
}
