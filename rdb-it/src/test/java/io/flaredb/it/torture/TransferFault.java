package io.flaredb.it.torture;

import io.flaredb.client.FlareDbException;
import io.flaredb.client.RegionInfo;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Leaders are moved, several in a row. Not harmful by itself: only what goes on beside it may be.
 */
final class TransferFault implements Fault {
    private static final int MOST = 6;

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        int times = random.nextInt(1, MOST);
        int done = 0;
        for (int i = 0; i < times; i++) {
            int region = random.nextInt(cluster.regions());
            int peer = random.nextInt(cluster.servers().size());
            try {
                RegionInfo info = cluster.operator().cluster().regions().get(region);
                List<Long> stores = info.peerStoreIds();
                long store = stores.get(peer % stores.size());
                cluster.operator().cluster().transferLeader(info.id(), store);
                done++;
            } catch (FlareDbException e) {
                // Another fault is in its way, or the peer is behind: the region keeps its leader.
            }
        }
        return new Deed("%d of %d leaders moved".formatted(done, times), done > 0);
    }

    @Override
    public boolean isMomentary() {
        return true;
    }
}
