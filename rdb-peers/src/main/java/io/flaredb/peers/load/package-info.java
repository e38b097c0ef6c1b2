/**
 * The client's side: a process that puts load on one system and prints what it measured.
 *
 * <p>Knows of FlareDB only what measures, since it runs beside the libraries of all peers.
 */
@NullMarked
package io.flaredb.peers.load;

import org.jspecify.annotations.NullMarked;
