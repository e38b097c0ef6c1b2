package io.flaredb.storage;

import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WALRecoveryMode;

/** RocksDB's options for a store. Owns their native memory; close it after the database. */
final class Tuning implements AutoCloseable {
    private static final double BLOOM_BITS_PER_KEY = 10;

    /**
     * Of writes that come at the same time one thread fills the memtable. To wake the others, so
     * that each does its own, costs more than it saves, unless that one thread cannot keep up: it
     * takes a fifth to a quarter of the processor time of a write, on all threads together.
     */
    private static final int FEW_PROCESSORS = 4;

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    /**
     * Where writes stop until compacting has caught up: RocksDB's defaults. It would slow them down
     * before that (from 20 tables and 64 GiB on), which is of no use here: writes to a log don't
     * wait inside RocksDB, see {@link StallPatience}, and of those that it slows down it gives room
     * only to who waits there. One of more than some KiB that tries again and again comes through
     * as little as if writes were stopped, but for as long as compacting takes to get below those.
     */
    private static final int STOP_AT_LEVEL_0_TABLES = 36;

    private static final long STOP_AT_BYTES_TO_COMPACT = 256 * GIB;

    static {
        RocksDB.loadLibrary();
    }

    private final Cache blockCache;
    private final BloomFilter bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
    private final DBOptions database;
    private final Map<ColumnFamily, ColumnFamilyOptions> families =
            new EnumMap<>(ColumnFamily.class);

    Tuning(StorageOptions options) {
        blockCache = new LRUCache(options.blockCacheBytes());
        database = databaseOptions(options);
        for (ColumnFamily family : ColumnFamily.values()) {
            families.put(family, familyOptions(family, options));
        }
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions family(ColumnFamily family) {
        ColumnFamilyOptions options = families.get(family);
        if (options == null) {
            throw new AssertionError(family);
        }
        return options;
    }

    private static DBOptions databaseOptions(StorageOptions options) {
        Properties withoutSetter = new Properties();
        // A log that is missing or cut short, though a later one exists, stops the store.
        withoutSetter.setProperty("track_and_verify_wals_in_manifest", "true");
        return DBOptions.getDBOptionsFromProps(withoutSetter)
                .setCreateIfMissing(true)
                .setParanoidChecks(true)
                // Replicated records are written without a log. Only if all column families reach
                // the disk together does the applied index found after a crash fit the records.
                .setAtomicFlush(true)
                .setAllowConcurrentMemtableWrite(
                        Runtime.getRuntime().availableProcessors() > FEW_PROCESSORS)
                // An unfinished last record is what a power loss leaves: it was never acknowledged.
                // Anything else stops the store. The default (point in time) would drop whatever
                // follows a flipped byte, without a word.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                // A recycled log ends in an old log's records, which hides its real end.
                .setRecycleLogFileNum(0)
                .setMaxTotalWalSize(4 * options.writeBufferBytes())
                .setMaxBackgroundJobs(options.backgroundJobs())
                .setBytesPerSync(MIB)
                .setMaxLogFileSize(MIB)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
    }

    private ColumnFamilyOptions familyOptions(ColumnFamily family, StorageOptions options) {
        ColumnFamilyOptions tuned =
                new ColumnFamilyOptions()
                        .setWriteBufferSize(options.writeBufferBytes())
                        .setMaxWriteBufferNumber(3) // with 4 it would slow writes down as well
                        .setLevel0SlowdownWritesTrigger(STOP_AT_LEVEL_0_TABLES)
                        .setLevel0StopWritesTrigger(STOP_AT_LEVEL_0_TABLES)
                        .setSoftPendingCompactionBytesLimit(STOP_AT_BYTES_TO_COMPACT)
                        .setHardPendingCompactionBytesLimit(STOP_AT_BYTES_TO_COMPACT)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(blockCache)
                                        .setCacheIndexAndFilterBlocks(true)
                                        .setCacheIndexAndFilterBlocksWithHighPriority(true)
                                        .setPinL0FilterAndIndexBlocksInCache(true)
                                        .setFilterPolicy(bloomFilter)
                                        .setOptimizeFiltersForMemory(true)
                                        .setBlockSize(16 * KIB));
        return switch (family) {
            case RAW, CAS, RAFT_STATE, REQUESTS -> tuned;
            // Read region by region, mostly just written entries in order of their index. Most are
            // cut off soon after they are flushed: to compress them would be in vain.
            case RAFT_LOG ->
                    tuned.useFixedLengthPrefixExtractor(Long.BYTES)
                            .setMemtablePrefixBloomSizeRatio(0.02)
                            .setCompressionType(CompressionType.NO_COMPRESSION);
        };
    }

    long blockCacheUsedBytes() {
        return blockCache.getUsage();
    }

    @Override
    public void close() {
        families.values().forEach(ColumnFamilyOptions::close);
        database.close();
        bloomFilter.close();
        blockCache.close();
    }
}
