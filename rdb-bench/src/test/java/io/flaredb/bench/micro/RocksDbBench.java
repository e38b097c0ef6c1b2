package io.flaredb.bench.micro;

import java.io.IOException;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Warmup;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * A plain RocksDB with the same keys, values, caches, blocks and buffers as {@link StorageBench},
 * with neither log nor sync.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // set up by JMH
public class RocksDbBench {
    private static final long BLOCK_CACHE_BYTES = 128L << 20;
    private static final long WRITE_BUFFER_BYTES = 32L << 20;
    private static final long BLOCK_BYTES = 16 << 10;
    private static final int BLOOM_BITS = 10;

    private final Records records = new Records();
    private Path folder;
    private LRUCache cache;
    private BloomFilter filter;
    private Options options;
    private WriteOptions unlogged;
    private RocksDB database;

    /** Opens a database in a new folder and writes each key. */
    @Setup
    public void open() throws IOException, RocksDBException {
        RocksDB.loadLibrary();
        folder = Records.newFolder();
        cache = new LRUCache(BLOCK_CACHE_BYTES);
        filter = new BloomFilter(BLOOM_BITS, false);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setWriteBufferSize(WRITE_BUFFER_BYTES)
                        .setMaxWriteBufferNumber(3)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(cache)
                                        .setBlockSize(BLOCK_BYTES)
                                        .setFilterPolicy(filter));
        unlogged = new WriteOptions().setDisableWAL(true);
        database = RocksDB.open(options, folder.toString());
        for (int key = 0; key < Records.KEYS; key++) {
            put(key);
        }
        try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
            database.flush(waiting);
        }
    }

    /** Closes the database and deletes its folder. */
    @TearDown
    public void close() throws IOException {
        database.close();
        unlogged.close();
        options.close();
        filter.close();
        cache.close();
        Records.delete(folder);
    }

    /** A put. */
    @Benchmark
    public void put() throws RocksDBException {
        put(records.next());
    }

    /** A get of a key that exists. */
    @Benchmark
    public Object get() throws RocksDBException {
        return database.get(records.key(records.next()).unsafeArray());
    }

    /** A get and then a put of the same key, which is the least that a swap needs. */
    @Benchmark
    public Object getAndPut() throws RocksDBException {
        int key = records.next();
        Object found = database.get(records.key(key).unsafeArray());
        put(key);
        return found;
    }

    private void put(int key) throws RocksDBException {
        database.put(unlogged, records.key(key).unsafeArray(), records.value().unsafeArray());
    }
}
