/**
 * What every FlareDB process that listens shares: addresses, and a gRPC server with health and
 * reflection that stops gracefully.
 *
 * <p>Handlers run on Netty's event loop threads and must never block them.
 */
@NullMarked
package io.flaredb.rpc;

import org.jspecify.annotations.NullMarked;
