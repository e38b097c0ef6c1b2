package io.flaredb.raft;

import io.flaredb.rpc.HostAndPort;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;

/** A process with one replica that proposes, and says what was acknowledged, until it is killed. */
final class KilledReplica {
    private static final int IN_FLIGHT = 64;

    private KilledReplica() {}

    public static void main(String[] args) throws InterruptedException {
        long clusterId = Long.parseLong(args[1]);
        int first = Integer.parseInt(args[2]);
        RaftOptions options =
                new RaftOptions(clusterId, 1, TestCluster.QUICK, 1_024, 500, 64L << 20, 64L << 20);
        try (TestStore store =
                new TestStore(
                        Path.of(args[0]), options, new ConcurrentHashMap<Long, HostAndPort>())) {
            RaftGroup<Long> group = store.start(TestCluster.REGION, 1, TestCluster.members(1));
            Awaitility.await()
                    .atMost(TestCluster.DEADLINE)
                    .until(() -> group.state().role() == GroupState.Role.LEADER);
            System.out.println("term " + group.state().term());
            Semaphore room = new Semaphore(IN_FLIGHT);
            for (int i = first; ; i++) {
                room.acquire();
                int n = i;
                group.propose(PutMachine.put("k" + n, "v" + n))
                        .whenComplete((index, failure) -> {
                            if (failure == null) {
                                System.out.println("put " + n);
                            }
                            room.release();
                        });
            }
        }
    }
}
