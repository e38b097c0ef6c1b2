package io.flaredb.bench.micro;

import io.flaredb.bytes.Bytes;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The store's own engine, one command in a batch of its own, nothing synced: what a replica does
 * with an entry of its log.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // set up by JMH
public class StorageBench {
    private static final RegionId REGION = new RegionId(1);

    private final Records records = new Records();
    private final long[] versions = new long[Records.KEYS];
    private Path folder;
    private StorageEngine engine;
    private long index;

    /** Opens an engine in a new folder and writes each key in both key spaces. */
    @Setup
    public void open() throws IOException {
        folder = Records.newFolder();
        engine = StorageEngine.open(folder, StorageOptions.defaults());
        for (int key = 0; key < Records.KEYS; key++) {
            apply(new Command.RawPut(records.key(key), records.value()));
            swap(key);
        }
        engine.replicas().flush();
    }

    /** Closes the engine and deletes its folder. */
    @TearDown
    public void close() throws IOException {
        engine.close();
        Records.delete(folder);
    }

    /** A swap that meets the version it expects. */
    @Benchmark
    public Outcome cas() {
        return swap(records.next());
    }

    /** A raw put. */
    @Benchmark
    public Outcome put() {
        return apply(new Command.RawPut(records.key(records.next()), records.value()));
    }

    /** A raw get of a key that exists. */
    @Benchmark
    public @Nullable Object get() {
        return engine.get(records.key(records.next()));
    }

    private Outcome swap(int key) {
        Bytes name = records.key(key);
        Outcome outcome = apply(new Command.CompareAndSwap(name, versions[key], records.value()));
        if (!(outcome instanceof Outcome.Swapped(long version))) {
            throw new IllegalStateException("not swapped: " + outcome);
        }
        versions[key] = version;
        return outcome;
    }

    private Outcome apply(Command command) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            Outcome outcome = batch.apply(REGION, ++index, command);
            batch.commit();
            return outcome;
        }
    }
}
