/**
 * What the machine's parts can do at best: the disk, RocksDB and gRPC with nothing of FlareDB
 * around them, each measured as a {@link io.flaredb.bench.Target} by the same loop as FlareDB
 * itself.
 *
 * <p>Each target owns its threads and ends them when it is closed.
 */
@NullMarked
package io.flaredb.bench.ceiling;

import org.jspecify.annotations.NullMarked;
