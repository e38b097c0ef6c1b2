package io.flaredb.server.region;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.ReplacePeer;
import io.flaredb.raft.NotCaughtUpException;
import io.flaredb.raft.RaftFailure;
import io.flaredb.server.log.LogEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes who is in a region, and who leads it. All methods are the leader's and block until the
 * change is done; one at a time for each region. Thread-safe.
 *
 * <p>The Raft group's members are the truth. The descriptor that clients and the placement driver
 * see follows them through the log ({@link #describe}), whoever changed them and whoever leads
 * since.
 */
public final class RegionChanges {
    private static final Logger log = LoggerFactory.getLogger(RegionChanges.class);

    private static final long FIRST_TERM = 1;
    private static final long FIRST_CONF_VERSION = 1;

    /** A leader knows who answers after an election timeout, which is 60 s at most. */
    private static final Duration ALIVE_LIMIT = Duration.ofSeconds(90);

    private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(30);

    /** A descriptor that lags is described anew with the next heartbeat at the latest. */
    private static final Duration CURRENT_LIMIT = Duration.ofSeconds(5);

    /** Each takes an election timeout at least; a store that is down ends them. */
    private static final int CATCH_UP_TRIES = 5;

    private static final Duration BUSY_BACKOFF = Duration.ofMillis(200);

    /** What is under way is applied within milliseconds, unless a disk stalls. */
    private static final Duration QUIET_LIMIT = Duration.ofMillis(500);

    private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(20);

    private final OtherStores others;
    private final LongSupplier newPeerIds;

    /**
     * @param newPeerIds gives an id that no peer ever had; blocks
     */
    public RegionChanges(OtherStores others, LongSupplier newPeerIds) {
        this.others = others;
        this.newPeerIds = newPeerIds;
    }

    /**
     * Hands leadership to the peer on a store.
     *
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws IllegalArgumentException if the region has no peer there
     * @throws ChangeFailedException if that peer did not take over
     */
    public void transferLeader(RegionPeer region, long storeId) {
        region.checkLeads();
        Peer to = requirePeer(region.descriptor(), storeId);
        transfer(region, () -> region.group().transferLeadership(Regions.raftPeer(to)));
    }

    /** With no write under way, as far as that can be waited for. */
    private static void transfer(
            RegionPeer region, Supplier<CompletableFuture<Void>> transferring) {
        try {
            region.beginHandOver(QUIET_LIMIT);
            ChangeWaits.within(region, transferring.get(), TRANSFER_LIMIT);
        } finally {
            region.endHandOver();
        }
    }

    /**
     * Gives the region a replica on a store; done when it has caught up and votes, however long
     * that takes. If there is one, nothing happens.
     *
     * @return the region as it is then
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws IllegalArgumentException if there is no such store
     * @throws ChangeRefusedException if the store does not answer, or refuses
     * @throws ChangeFailedException if the store does not catch up
     */
    public Region addPeer(RegionPeer region, long storeId) {
        region.checkLeads();
        return alone(
                region,
                () -> {
                    Region before = current(region);
                    if (RegionPeer.peerOn(before, storeId) != null) {
                        return before;
                    }
                    return add(
                            region,
                            before,
                            Peer.newBuilder()
                                    .setId(newPeerIds.getAsLong())
                                    .setStoreId(storeId)
                                    .build());
                });
    }

    private Region add(RegionPeer region, Region before, Peer added) {
        join(region, before, added);
        return awaitDescribed(region, now -> now.getPeersList().contains(added));
    }

    /**
     * The region once its descriptor names those who vote. A leader that has just come may have the
     * last change of members in its log and the descriptor from before it: whom that does not name
     * may vote already, so that neither its replica nor its store may be taken for free.
     *
     * @throws RegionException NotLeader, or ServerIsBusy if the descriptor stays behind
     */
    private static Region current(RegionPeer region) {
        List<Peer> voters =
                ask(region, () -> region.group().voters()).stream().map(Regions::wirePeer).toList();
        CompletableFuture<Region> described =
                region.described(now -> isSame(voters, now.getPeersList()));
        describe(region);
        try {
            return described.get(CURRENT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            described.cancel(false);
            throw RegionErrors.serverIsBusy(BUSY_BACKOFF);
        } catch (ExecutionException e) {
            throw ChangeWaits.failed(region, e);
        } catch (InterruptedException e) {
            throw ChangeWaits.interrupted(region, e);
        }
    }

    /**
     * Makes a peer and then a member of it. The group gives up a replica that is silent for an
     * election timeout while it copies, which a pause is enough for. So it is tried again while the
     * store answers; the replica keeps what it has.
     *
     * <p>It is removed again only where it is sure that it has not become a member: a leader that
     * was cut off, or does not know how the change ended, may have written it to a log that others
     * follow. Then the region would count on a voter that is gone.
     */
    private void join(RegionPeer region, Region before, Peer joining) {
        others.createReplica(before, joining);
        for (int tries = 1; ; tries++) {
            try {
                ChangeWaits.end(region, region.group().addPeer(Regions.raftPeer(joining)));
                return;
            } catch (ChangeFailedException e) {
                if (!isNotCaughtUp(e)) {
                    throw e;
                }
                if (tries == CATCH_UP_TRIES || !hasReplica(before, joining)) {
                    destroyQuietly(region.descriptor(), joining);
                    throw e;
                }
            }
        }
    }

    private static boolean isNotCaughtUp(ChangeFailedException failure) {
        return failure.getCause() instanceof ExecutionException ended
                && ended.getCause() instanceof NotCaughtUpException;
    }

    /** Whether the store answers; what it has already it does not make anew. */
    private boolean hasReplica(Region before, Peer joining) {
        try {
            others.createReplica(before, joining);
            return true;
        } catch (ChangeRefusedException | IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Takes the replica on a store away, with its data. If it leads, leadership is handed over and
     * the caller told to ask the new leader.
     *
     * @return the region as it is then
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws IllegalArgumentException if it is the only replica
     * @throws ChangeRefusedException if too many of the others do not answer
     * @throws ChangeFailedException if that is not agreed upon
     */
    public Region removePeer(RegionPeer region, long storeId) {
        region.checkLeads();
        return alone(
                region,
                () -> {
                    Region before = current(region);
                    Peer gone = RegionPeer.peerOn(before, storeId);
                    if (gone == null) {
                        return before;
                    }
                    if (before.getPeersCount() == 1) {
                        throw new IllegalArgumentException(
                                "store %s holds the only replica of region %s: add another first"
                                        .formatted(Long.toUnsignedString(storeId), region.id()));
                    }
                    if (gone.equals(region.self())) {
                        checkMajorityStays(region, before, gone);
                        handOver(region);
                        throw RegionErrors.notLeader(region, region.state().leader());
                    }
                    Region now = remove(region, before, gone);
                    destroyQuietly(now, gone);
                    return now;
                });
    }

    private static Region remove(RegionPeer region, Region before, Peer gone) {
        checkMajorityStays(region, before, gone);
        ChangeWaits.end(region, region.group().removePeer(Regions.raftPeer(gone)));
        return awaitDescribed(region, now -> !now.getPeersList().contains(gone));
    }

    /**
     * Refuses a removal after which too few answer: the group would take it into its log all the
     * same and never have a leader again. What adds a peer needs no such check, since whoever has
     * caught up answers, and stands for one that does not.
     */
    private static void checkMajorityStays(RegionPeer region, Region before, Peer gone) {
        List<io.flaredb.raft.Peer> alive =
                ChangeWaits.within(region, region.group().aliveVoters(), ALIVE_LIMIT);
        List<Peer> silent =
                before.getPeersList().stream()
                        .filter(peer -> !peer.equals(gone))
                        .filter(peer -> !alive.contains(Regions.raftPeer(peer)))
                        .toList();
        int rest = before.getPeersCount() - 1;
        if (rest - silent.size() <= rest / 2) {
            throw new ChangeRefusedException(
                    ("region %s would have no majority without its replica on store %s, as these"
                                    + " stores do not answer: %s. Remove the replicas there first, or"
                                    + " wait until they answer")
                            .formatted(
                                    region.id(),
                                    Long.toUnsignedString(gone.getStoreId()),
                                    silent.stream()
                                            .map(peer -> Long.toUnsignedString(peer.getStoreId()))
                                            .collect(Collectors.joining(", "))),
                    null);
        }
    }

    private static <T> T ask(RegionPeer region, Supplier<T> question) {
        try {
            return question.get();
        } catch (RaftFailure e) {
            throw RegionErrors.of(region, e);
        }
    }

    /**
     * Hands leadership to whichever peer has come furthest.
     *
     * @throws RegionException NotLeader
     * @throws ChangeFailedException if nobody took over within an election timeout
     */
    public void handOver(RegionPeer region) {
        transfer(region, () -> region.group().handOverLeadership());
    }

    /**
     * Of a new region the placement driver names the peers in an order of its own, so that not all
     * leaders begin at one store: whoever was elected first hands over to the first of them.
     */
    public void beginAtFirstPeer(RegionPeer region) {
        Region descriptor = region.descriptor();
        Peer first = descriptor.getPeers(0);
        boolean isNew =
                region.state().term() == FIRST_TERM
                        && descriptor.getEpoch().getConfVersion() == FIRST_CONF_VERSION;
        if (isNew && !first.equals(region.self())) {
            try {
                transferLeader(region, first.getStoreId());
            } catch (RegionException | ChangeFailedException e) {
                log.debug("region {} stays where it is", region.id(), e);
            }
        }
    }

    /**
     * Replaces a peer whose store was lost by one on another store: adds the one, then removes the
     * other. What is done by now is not done again, so asking again finishes what was cut short.
     *
     * <p>Rejected: both in one change. Until it is agreed upon, the leader asks a majority of the
     * new members only whether it still leads; the rest of the old ones could have another leader.
     *
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws ChangeRefusedException if the new store does not answer or refuses, or too many of
     *     those who would stay do not answer
     * @throws ChangeFailedException if the new store does not catch up, or that is not agreed upon
     */
    public void replace(RegionPeer region, ReplacePeer replace) {
        region.checkLeads();
        alone(
                region,
                () -> {
                    Region now = current(region);
                    if (!now.getPeersList().contains(replace.getRemove())) {
                        return now;
                    }
                    if (replace.hasAdd()
                            && RegionPeer.peerOn(now, replace.getAdd().getStoreId()) == null) {
                        now = add(region, now, replace.getAdd());
                    }
                    return remove(region, now, replace.getRemove());
                });
    }

    /**
     * Makes the descriptor say who the members are, if it does not. To be called whenever leader or
     * members have changed; does nothing where this replica does not lead.
     *
     * @return done when it does
     */
    public static CompletableFuture<?> describe(RegionPeer region) {
        Region now = region.descriptor();
        if (!region.leads()) {
            return CompletableFuture.completedFuture(now);
        }
        List<Peer> members =
                region.group().members().voters().stream().map(Regions::wirePeer).toList();
        boolean described = isSame(members, now.getPeersList()) && !region.isMembershipAssumed();
        if (members.isEmpty() || described) {
            return CompletableFuture.completedFuture(now);
        }
        RegionEpoch epoch = now.getEpoch();
        Region next =
                now.toBuilder()
                        .setEpoch(epoch.toBuilder().setConfVersion(epoch.getConfVersion() + 1))
                        .clearPeers()
                        .addAllPeers(members)
                        .build();
        return region.propose(new LogEntry.Describe(next));
    }

    private static boolean isSame(List<Peer> some, List<Peer> others) {
        return some.size() == others.size() && some.containsAll(others);
    }

    private static Region awaitDescribed(RegionPeer region, Predicate<Region> until) {
        CompletableFuture<Region> described = region.described(until);
        describe(region);
        return ChangeWaits.within(region, described, DESCRIBE_LIMIT);
    }

    /**
     * Carries out a change of members unless one is under way, which a repeated request is told
     * until that has ended.
     */
    private static <T> T alone(RegionPeer region, Supplier<T> change) {
        if (!region.beginChange()) {
            throw RegionErrors.serverIsBusy(BUSY_BACKOFF);
        }
        try {
            return change.get();
        } finally {
            region.endChange();
        }
    }

    private void destroyQuietly(Region region, Peer gone) {
        try {
            others.destroyReplica(region, gone);
        } catch (RuntimeException e) {
            // The members are others in any case. The store finds out by itself that it is a member
            // no more.
            log.info(
                    "replica {} of region {} stays behind: {}",
                    gone,
                    region.getId(),
                    ChangeWaits.text(e));
        }
    }

    private static Peer requirePeer(Region region, long storeId) {
        Peer peer = RegionPeer.peerOn(region, storeId);
        if (peer == null) {
            throw new IllegalArgumentException(
                    "region %s has no replica on store %s"
                            .formatted(
                                    Long.toUnsignedString(region.getId()),
                                    Long.toUnsignedString(storeId)));
        }
        return peer;
    }
}
