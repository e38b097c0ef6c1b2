/**
 * A store: regions on one RocksDB, served over gRPC ({@link io.flaredb.server.StoreServer}) or to
 * the same process ({@link io.flaredb.server.StoreNode}).
 *
 * <p>Writes belong to the apply thread of their region's group, reads to a small pool, heartbeats
 * to a thread of their own; gRPC's event loops only hand over.
 */
@NullMarked
package io.flaredb.server;

import org.jspecify.annotations.NullMarked;
