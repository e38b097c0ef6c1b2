package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.RegionInfo;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Regions get a replica on the server that has none, and at the end another one goes. What fails on
 * the way is put right in the recovery.
 */
final class MembershipFault implements Fault {
    private long seed;

    @Override
    public Deed begin(TortureCluster cluster, RandomGenerator random) {
        seed = random.nextLong();
        int first = random.nextInt(cluster.regions());
        int times = random.nextInt(1, 3);
        int done = 0;
        for (int i = 0; i < times; i++) {
            try {
                Placement placement = cluster.placement();
                RegionInfo region = placement.regions().get((first + i) % cluster.regions());
                Machine joining = placement.without(region).orElseThrow();
                cluster.operator().cluster().addPeer(region.id(), joining.node().storeId());
                done++;
            } catch (FlareDbException | java.util.NoSuchElementException e) {
                // Another fault is in its way.
            }
        }
        return new Deed("%d of %d replicas added".formatted(done, times), done > 0);
    }

    @Override
    public void end(TortureCluster cluster) {
        FlareDb operator = cluster.operator();
        try {
            for (RegionInfo region : cluster.placement().regions()) {
                List<Long> stores = region.peerStoreIds();
                if (stores.size() > cluster.replicas()) {
                    int leaving = (int) Math.floorMod(seed, (long) stores.size());
                    operator.cluster().removePeer(region.id(), stores.get(leaving));
                }
            }
        } catch (FlareDbException e) {
            // Likewise; whoever is too many leaves in the recovery.
        }
    }
}
