/**
 * The storage engine: raw and compare-and-swap records, atomic batches, and what a store must
 * remember about itself and its regions, on one RocksDB per data folder.
 *
 * <p>It knows neither gRPC nor Raft, and no RocksDB type leaves the package. Reads come from any
 * thread. Writes are made by one thread at a time, whoever holds the engine's writer lock: from
 * {@link io.flaredb.storage.StorageEngine#newBatch()} until the batch is closed.
 */
@NullMarked
package io.flaredb.storage;

import org.jspecify.annotations.NullMarked;
