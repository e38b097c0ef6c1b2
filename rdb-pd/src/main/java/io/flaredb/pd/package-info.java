/**
 * The Placement Driver without a network: timestamps, the register of stores, and the map from keys
 * to regions. The gRPC adapter and the embedded store call it alike.
 *
 * <p>What is durable is decided and written by one thread at a time (see {@code DurableState}) and
 * then published as an immutable {@code PlacementState}, which any thread reads without waiting.
 */
@NullMarked
package io.flaredb.pd;

import org.jspecify.annotations.NullMarked;
