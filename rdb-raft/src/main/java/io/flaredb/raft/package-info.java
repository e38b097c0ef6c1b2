/**
 * Replication: one Raft group per region, with the log in the store's own engine. What others see
 * is {@link io.flaredb.raft.RaftHost}, which runs a store's groups, {@link
 * io.flaredb.raft.RaftGroup}, and {@link io.flaredb.raft.StateMachine}, which they write. The
 * library that does the work (SOFAJRaft) stays inside.
 *
 * <p>Threads: each group has four of the library's own (proposals, log, state machine, reads) and
 * on followers one that takes the leader's entries; all else is shared by the process.
 *
 * <p>Not tried yet: TLS between stores, partitions, a disk that stalls under a running group, and
 * regions of more than a few hundred megabytes. While flushing does not keep up, applying waits
 * without limit.
 */
@NullMarked
package io.flaredb.raft;

import org.jspecify.annotations.NullMarked;
