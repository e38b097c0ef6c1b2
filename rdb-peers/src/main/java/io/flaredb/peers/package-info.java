/**
 * Measures FlareDB and its peers side by side on this machine: {@code scripts/bench-peers.sh}.
 *
 * <p>One thread starts the servers of one system, then a client process that puts load on it, ends
 * both, and goes on to the next system.
 */
@NullMarked
package io.flaredb.peers;

import org.jspecify.annotations.NullMarked;
