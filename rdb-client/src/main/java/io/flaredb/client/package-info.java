/**
 * The API of FlareDB: {@link io.flaredb.client.FlareDb} opens a cluster or a store inside the
 * caller's own process, and everything else is reached from there.
 *
 * <p>All types are thread-safe. Keys are 1 byte to 4 KiB, values up to 4 MiB. Keys and values are
 * {@link io.flaredb.bytes.Bytes}; {@code Bytes.utf8("...")} makes one of a string.
 *
 * <p>Everything runs asynchronously underneath. Futures are completed on the executor of {@link
 * io.flaredb.client.FlareDbOptions}, never on a network thread, so a dependent stage may block.
 */
@NullMarked
package io.flaredb.client;

import org.jspecify.annotations.NullMarked;
