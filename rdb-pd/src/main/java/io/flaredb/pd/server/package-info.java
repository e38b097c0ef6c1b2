/**
 * The placement driver over gRPC.
 *
 * <p>Timestamps and look-ups are answered on Netty's event loop, since they wait for nothing. What
 * must become durable first goes through one bounded queue to one thread.
 */
@NullMarked
package io.flaredb.pd.server;

import org.jspecify.annotations.NullMarked;
