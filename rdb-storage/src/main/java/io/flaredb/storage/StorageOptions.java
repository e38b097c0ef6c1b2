package io.flaredb.storage;

/**
 * How a storage engine uses memory and threads.
 *
 * @param blockCacheBytes uncompressed blocks, indexes and filters kept in memory, for all column
 *     families together; 1 MiB to 1 TiB
 * @param writeBufferBytes unflushed writes held per column family before they are flushed; 64 KiB
 *     to 4 GiB
 * @param backgroundJobs threads that flush and compact; 2 to 64
 */
public record StorageOptions(long blockCacheBytes, long writeBufferBytes, int backgroundJobs) {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;

    public StorageOptions {
        check("storage.block-cache-bytes", blockCacheBytes, MIB, 1024 * GIB);
        check("storage.write-buffer-bytes", writeBufferBytes, 64 * KIB, 4 * GIB);
        check("storage.background-jobs", backgroundJobs, 2, 64);
    }

    /** 128 MiB of cache, write buffers of 32 MiB, two background threads. */
    public static StorageOptions defaults() {
        return new StorageOptions(128 * MIB, 32 * MIB, 2);
    }

    /** The same with another block cache. */
    public StorageOptions withBlockCacheBytes(long bytes) {
        return new StorageOptions(bytes, writeBufferBytes, backgroundJobs);
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + " is " + value + ": allowed are " + min + " to " + max);
        }
    }
}
