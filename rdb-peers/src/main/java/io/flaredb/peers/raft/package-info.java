/**
 * The ceiling of replicated writes: stores that replicate entries and do nothing else with them,
 * loaded from within the leader's process.
 */
@NullMarked
package io.flaredb.peers.raft;

import org.jspecify.annotations.NullMarked;
