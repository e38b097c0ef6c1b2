/**
 * RheaKV: its server process, and how the load speaks to it.
 *
 * <p>A module of its own, since RheaKV's libraries are older than those that FlareDB has too.
 */
@NullMarked
package io.flaredb.peers.rheakv;

import org.jspecify.annotations.NullMarked;
