/**
 * The store's side of its talk with the placement driver: registration, bootstrap, heartbeats.
 *
 * <p>Heartbeats have a thread of their own, which is the only one that waits for the answers.
 */
@NullMarked
package io.flaredb.server.placement;

import org.jspecify.annotations.NullMarked;
