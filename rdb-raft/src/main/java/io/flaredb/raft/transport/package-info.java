/**
 * How stores talk to each other about their groups: two gRPC streams per pair of stores, one for
 * entries and one for heartbeats and votes, shared by all groups.
 *
 * <p>Nothing here blocks a network thread: frames are only taken apart there and handed on.
 */
@NullMarked
package io.flaredb.raft.transport;

import org.jspecify.annotations.NullMarked;
