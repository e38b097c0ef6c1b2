package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/**
 * How a storage engine is doing.
 *
 * @param tableBytes flushed data on disk
 * @param memtableBytes memory held by writes that are not flushed yet
 * @param blockCacheBytes memory held by the block cache
 * @param diskBytes size of the data folder's disk
 * @param freeDiskBytes what the data folder's disk has left for this process
 * @param notWritableReason why writes are suspended; null: they are not
 */
public record StorageStats(
        long tableBytes,
        long memtableBytes,
        long blockCacheBytes,
        long diskBytes,
        long freeDiskBytes,
        @Nullable String notWritableReason) {}
