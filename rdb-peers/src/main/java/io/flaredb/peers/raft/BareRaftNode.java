package io.flaredb.peers.raft;

import io.flaredb.peers.load.Load;
import io.flaredb.peers.load.LoadArguments;
import io.flaredb.raft.GroupState;
import io.flaredb.raft.Members;
import io.flaredb.raft.Peer;
import io.flaredb.raft.RaftGroup;
import io.flaredb.raft.RaftHost;
import io.flaredb.raft.RaftOptions;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import io.grpc.InsecureChannelCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * One store of a group that does nothing but replicate, with a FlareDB server's Raft, log and
 * transport. The one that leads puts the load on the group itself, without a network in between.
 */
final class BareRaftNode {
    private static final long CLUSTER = 1;
    private static final RegionId REGION = new RegionId(1);
    private static final int OWN_ARGUMENTS = 3;
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

    private BareRaftNode() {}

    /**
     * Ends once the first store has measured; the others run until they are ended. The first asks
     * for the leadership, since the load must be where the leader is.
     *
     * <p>Arguments: number of the store from 1, data folder, addresses of all stores; for the first
     * one then those of {@link LoadArguments}.
     */
    public static void main(String[] arguments) {
        Load.endWith(() -> run(arguments));
    }

    private static void run(String[] arguments) throws Exception {
        long self = Long.parseLong(arguments[0]);
        Path folder = Path.of(arguments[1]);
        List<HostAndPort> addresses =
                Pattern.compile(",").splitAsStream(arguments[2]).map(HostAndPort::parse).toList();
        StorageEngine engine = StorageEngine.open(folder, StorageOptions.defaults());
        RaftHost host =
                RaftHost.open(
                        engine,
                        RaftOptions.defaults(CLUSTER, self),
                        store -> addresses.get(Math.toIntExact(store - 1)),
                        InsecureChannelCredentials.create(),
                        BareRaftNode::fail);
        RpcServer server =
                RpcServer.start(
                        addresses.get(Math.toIntExact(self - 1)),
                        List.of(host.service()),
                        STOP_GRACE);
        server.becomeReady();
        List<Peer> peers =
                LongStream.rangeClosed(1, addresses.size())
                        .mapToObj(store -> new Peer(store, store))
                        .toList();
        RaftGroup<Long> group =
                host.start(REGION, self, Members.of(peers), new NothingMachine(REGION, engine));
        if (self == 1) {
            LoadArguments load =
                    LoadArguments.parse(
                            List.of(arguments).subList(OWN_ARGUMENTS, arguments.length));
            awaitLeadership(group);
            Load.run(new ProposalTarget(group), load, System.out);
        } else {
            giveLeadershipTo(peers.getFirst(), group);
        }
    }

    private static void awaitLeadership(RaftGroup<Long> group) throws Exception {
        CompletableFuture<Boolean> leads = new CompletableFuture<>();
        group.listen(state -> {
            if (state.role() == GroupState.Role.LEADER) {
                leads.complete(true);
            }
        });
        leads.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whenever this store is elected, for as long as the process runs. */
    private static void giveLeadershipTo(Peer first, RaftGroup<Long> group) {
        while (true) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            if (group.state().role() == GroupState.Role.LEADER) {
                // If it does not get there, it is tried again.
                var _ = group.transferLeadership(first).handle((_, _) -> true).join();
            }
        }
    }

    private static void fail(Throwable failure) {
        System.err.println("bare-raft: " + failure);
        Runtime.getRuntime().halt(1);
    }
}
