package io.flaredb.storage;

/**
 * How a storage engine uses memory and threads.
 *
 * @param blockCacheBytes uncompressed blocks, indexes and filters kept in memory, for all column
 *     families together; 1 MiB to 1 TiB
 * @param recordCacheBytes small records kept in memory beside, so that RocksDB need not search for
 *     them; outside the heap, taken when the engine is opened; 0: none, or 1 MiB to 1 TiB
 * @param writeBufferBytes unflushed writes held per column family before they are flushed; 64 KiB
 *     to 4 GiB
 * @param backgroundJobs threads that flush and compact; 2 to 64
 */
public record StorageOptions(
        long blockCacheBytes, long recordCacheBytes, long writeBufferBytes, int backgroundJobs) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    public StorageOptions {
        check("storage.block-cache-bytes", blockCacheBytes, MIB, 1024 * GIB);
        if (recordCacheBytes != 0) {
            check("storage.record-cache-bytes", recordCacheBytes, "0, ", MIB, 1024 * GIB);
        }
        check("storage.write-buffer-bytes", writeBufferBytes, 64 * KIB, 4 * GIB);
        check("storage.background-jobs", backgroundJobs, 2, 64);
    }

    /** 128 MiB for blocks, 64 MiB for records, write buffers of 32 MiB, two background threads. */
    public static StorageOptions defaults() {
        return new StorageOptions(128 * MIB, 64 * MIB, 32 * MIB, 2);
    }

    /** The same with another block cache. */
    public StorageOptions withBlockCacheBytes(long bytes) {
        return new StorageOptions(bytes, recordCacheBytes, writeBufferBytes, backgroundJobs);
    }

    /** The same with another cache of records. */
    public StorageOptions withRecordCacheBytes(long bytes) {
        return new StorageOptions(blockCacheBytes, bytes, writeBufferBytes, backgroundJobs);
    }

    /** The same with other write buffers. */
    public StorageOptions withWriteBufferBytes(long bytes) {
        return new StorageOptions(blockCacheBytes, recordCacheBytes, bytes, backgroundJobs);
    }

    private static void check(String key, long value, long min, long max) {
        check(key, value, "", min, max);
    }

    private static void check(String key, long value, String others, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + " is " + value + ": allowed are " + others + min + " to " + max);
        }
    }
}
