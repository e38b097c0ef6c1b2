package io.flaredb.bench.micro;

import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.LogEntryCodec;
import io.flaredb.storage.Command;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Commands to bytes of the log and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EncodingBench {
    private final Records records = new Records();
    private final LogEntry swap =
            new LogEntry.Write(new Command.CompareAndSwap(records.key(7), 3, records.value()));
    private final byte[] encoded = LogEntryCodec.encode(swap);

    /** A swap to bytes. */
    @Benchmark
    public byte[] encode() {
        return LogEntryCodec.encode(swap);
    }

    /** A swap from bytes. */
    @Benchmark
    public LogEntry decode() {
        return LogEntryCodec.decode(encoded);
    }
}
