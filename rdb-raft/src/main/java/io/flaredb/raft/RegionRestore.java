package io.flaredb.raft;

import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Replicas;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a replica back whose installation of another's records was cut short by a crash: it has
 * neither the old records nor the new. It fetches them from whichever member answers, and only then
 * takes part in its group again; before, it neither votes nor answers, as if it were down.
 *
 * <p>Its log and its vote are kept: what it has acknowledged stays acknowledged. The log is only
 * dropped where the records it gets reach beyond its end.
 */
final class RegionRestore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionRestore.class);
    private static final long RETRY_MILLIS = 500;

    private final RegionId region;
    private final Replicas replicas;
    private final RegionFetch fetch;
    private final StateMachine<?> machine;
    private final Runnable then;
    private final Consumer<Throwable> onFailure;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable RegionReceiver receiving;

    /**
     * @param machine knows members to ask besides those of the last snapshot
     * @param then starts the replica
     */
    RegionRestore(
            RegionId region,
            Replicas replicas,
            RegionFetch fetch,
            StateMachine<?> machine,
            Runnable then,
            Consumer<Throwable> onFailure) {
        this.region = region;
        this.replicas = replicas;
        this.fetch = fetch;
        this.machine = machine;
        this.then = then;
        this.onFailure = onFailure;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("raft-restore-" + region.value())
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Gives up, unless it is done; waits for it in any case. */
    @Override
    public void close() {
        closing.countDown();
        RegionReceiver receiver = receiving;
        if (receiver != null) {
            receiver.cancel();
        }
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // it uses the engine
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        LOG.warn(
                "region {} was being installed when this store stopped: fetching it again", region);
        try {
            while (!restoredBySomebody()) {
                if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            then.run();
        } catch (InterruptedException e) {
            LOG.warn("interrupted; the region stays as it is until this store starts again");
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }

    private boolean restoredBySomebody() throws InterruptedException {
        Set<Peer> members = members();
        if (members.isEmpty()) {
            LOG.warn("region {} knows no other member to fetch its records from", region);
        }
        for (Peer member : members) {
            if (closing.getCount() == 0) {
                return false;
            }
            RegionReceiver receiver = fetch.startAny(member, minIndex());
            receiving = receiver;
            if (closing.getCount() == 0) {
                receiver.cancel(); // who closes may have looked too early
            }
            receiver.join();
            FetchedRegion fetched = receiver.fetched();
            if (fetched != null) {
                install(fetched);
                return true;
            }
            LOG.info("region {} not from {}: {}", region, member, receiver.getErrorMsg());
        }
        return false;
    }

    /** Records that reach this far fit the log as it is. */
    private long minIndex() {
        RaftLog log = replicas.log(region);
        byte[] noted = log.snapshot();
        long known = noted == null ? 0 : NotedSnapshot.parse(noted).getLastIncludedIndex();
        return Math.max(known, log.firstIndex() - 1);
    }

    private void install(FetchedRegion fetched) {
        RaftLog log = replicas.log(region);
        long index = fetched.at().meta().getLastIncludedIndex();
        if (index > log.lastIndex()) {
            log.reset(index + 1);
        }
        fetched.install(replicas, region, machine);
    }

    private Set<Peer> members() {
        Set<Peer> known = new LinkedHashSet<>(machine.lastMembers());
        byte[] noted = replicas.log(region).snapshot();
        if (noted != null) {
            SnapshotMeta meta = NotedSnapshot.parse(noted);
            meta.getPeersList().forEach(name -> known.add(Names.parse(name)));
        }
        known.remove(fetch.self());
        return known;
    }
}
