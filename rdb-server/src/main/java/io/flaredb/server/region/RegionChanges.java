package io.flaredb.server.region;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.ReplacePeer;
import io.flaredb.raft.Members;
import io.flaredb.raft.NotCaughtUpException;
import io.flaredb.raft.RaftFailure;
import io.flaredb.server.log.LogEntry;
import java.time.Duration;
import java.util.ArrayList;
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

    /** How long a new replica may take to catch up; a region of 1 GiB takes some minutes. */
    private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(30);

    /** A leader knows who answers after an election timeout, which is 60 s at most. */
    private static final Duration ALIVE_LIMIT = Duration.ofSeconds(90);

    private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(30);

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
            await(region, transferring.get(), TRANSFER_LIMIT);
        } finally {
            region.endHandOver();
        }
    }

    /**
     * Gives the region a replica on a store; done when it has caught up and votes. If there is one,
     * nothing happens.
     *
     * @return the region as it is then
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws IllegalArgumentException if there is no such store
     * @throws ChangeFailedException if the store does not answer, or does not catch up
     */
    public Region addPeer(RegionPeer region, long storeId) {
        region.checkLeads();
        if (RegionPeer.peerOn(region.descriptor(), storeId) != null) {
            return region.descriptor();
        }
        return alone(
                region,
                () -> {
                    Peer added =
                            Peer.newBuilder()
                                    .setId(newPeerIds.getAsLong())
                                    .setStoreId(storeId)
                                    .build();
                    return add(region, added);
                });
    }

    private Region add(RegionPeer region, Peer added) {
        Region before = region.descriptor();
        others.createReplica(before, added);
        awaitJoined(region, added, region.group().addPeer(Regions.raftPeer(added)));
        return awaitDescribed(region, now -> now.getPeersList().contains(added));
    }

    /**
     * Waits for a change that makes {@code joining} a member. Its replica is removed again only
     * where it is sure that it has not become one: a leader that was cut off, or does not know how
     * the change ended, may have written it to a log that others follow. Then the region would
     * count on a voter that is gone.
     */
    private void awaitJoined(RegionPeer region, Peer joining, CompletableFuture<Void> change) {
        try {
            await(region, change, CATCH_UP_LIMIT);
        } catch (ChangeFailedException e) {
            if (e.getCause() instanceof ExecutionException ended
                    && ended.getCause() instanceof NotCaughtUpException) {
                destroyQuietly(region.descriptor(), joining);
            }
            throw e;
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
     * @throws ChangeFailedException if no majority agrees in time
     */
    public Region removePeer(RegionPeer region, long storeId) {
        region.checkLeads();
        Region before = region.descriptor();
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
            checkMajorityStays(region, gone);
            handOver(region);
            throw RegionErrors.notLeader(region, region.state().leader());
        }
        Region now = alone(region, () -> remove(region, gone));
        destroyQuietly(now, gone);
        return now;
    }

    private Region remove(RegionPeer region, Peer gone) {
        checkMajorityStays(region, gone);
        await(region, region.group().removePeer(Regions.raftPeer(gone)), DESCRIBE_LIMIT);
        return awaitDescribed(region, now -> !now.getPeersList().contains(gone));
    }

    /**
     * Refuses a removal after which too few answer: the group would take it into its log all the
     * same and never have a leader again. What adds a peer needs no such check, since whoever has
     * caught up answers, and stands for one that does not.
     */
    private static void checkMajorityStays(RegionPeer region, Peer gone) {
        List<io.flaredb.raft.Peer> rest =
                new ArrayList<>(ask(region, () -> region.group().voters()));
        rest.remove(Regions.raftPeer(gone));
        List<io.flaredb.raft.Peer> alive = await(region, region.group().aliveVoters(), ALIVE_LIMIT);
        List<io.flaredb.raft.Peer> silent =
                rest.stream().filter(peer -> !alive.contains(peer)).toList();
        if (rest.size() - silent.size() <= rest.size() / 2) {
            throw new ChangeRefusedException(
                    ("region %s would have no majority without its replica on store %s, as these"
                                    + " stores do not answer: %s. Remove the replicas there first, or"
                                    + " wait until they answer")
                            .formatted(
                                    region.id(),
                                    Long.toUnsignedString(gone.getStoreId()),
                                    silent.stream()
                                            .map(peer -> Long.toUnsignedString(peer.storeId()))
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
     * Replaces a peer whose store was lost by one on another store, in one step for everybody else.
     *
     * @throws RegionException NotLeader, ServerIsBusy
     * @throws ChangeFailedException if the new store does not answer, or does not catch up
     */
    public void replace(RegionPeer region, ReplacePeer replace) {
        region.checkLeads();
        if (!isMember(region, replace.getRemove())) {
            return;
        }
        alone(
                region,
                () -> {
                    Region before = region.descriptor();
                    if (!replace.hasAdd()) {
                        return remove(region, replace.getRemove());
                    }
                    others.createReplica(before, replace.getAdd());
                    List<io.flaredb.raft.Peer> voters = new ArrayList<>();
                    for (Peer peer : before.getPeersList()) {
                        voters.add(
                                Regions.raftPeer(
                                        peer.equals(replace.getRemove())
                                                ? replace.getAdd()
                                                : peer));
                    }
                    awaitJoined(
                            region,
                            replace.getAdd(),
                            region.group().changeMembers(Members.of(voters)));
                    return awaitDescribed(
                            region, now -> !now.getPeersList().contains(replace.getRemove()));
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

    private static boolean isMember(RegionPeer region, Peer peer) {
        return region.descriptor().getPeersList().contains(peer)
                || region.group().members().voters().contains(Regions.raftPeer(peer));
    }

    private static Region awaitDescribed(RegionPeer region, Predicate<Region> until) {
        CompletableFuture<Region> described = region.described(until);
        describe(region);
        return await(region, described, DESCRIBE_LIMIT);
    }

    private static <T> T alone(RegionPeer region, Supplier<T> change) {
        if (!region.beginChange()) {
            throw RegionErrors.serverIsBusy(Duration.ofMillis(200));
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
        } catch (ChangeFailedException | IllegalArgumentException e) {
            // The store finds out by itself that it is a member no more.
            log.info("replica {} of region {} stays behind: {}", gone, region.getId(), text(e));
        }
    }

    private static <T> T await(RegionPeer region, CompletableFuture<T> done, Duration limit) {
        try {
            return done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            RuntimeException cause =
                    RegionErrors.of(region, e.getCause() == null ? e : e.getCause());
            if (cause instanceof RegionException refused && refused.error().hasNotLeader()) {
                throw refused;
            }
            throw new ChangeFailedException(
                    "region " + region.id() + ": " + text(e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (TimeoutException e) {
            throw new ChangeFailedException(
                    "region %s: not done after %s".formatted(region.id(), limit), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChangeFailedException("region " + region.id() + ": interrupted", e);
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

    private static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
