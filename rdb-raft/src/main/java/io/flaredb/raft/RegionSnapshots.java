package io.flaredb.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.SnapshotCopierOptions;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import com.alipay.sofa.jraft.storage.SnapshotThrottle;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Replicas;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of one region without copies: the records lie in the engine already, so saving one is
 * to flush them and to note index, term and members. Only a replica that needs one is sent records.
 */
final class RegionSnapshots implements SnapshotStorage {
    private static final Logger LOG = LoggerFactory.getLogger(RegionSnapshots.class);

    /** As many times what is usual may the log become while a follower is sent the records. */
    private static final int MOST_HELD = 64;

    private final RegionId region;
    private final RaftLog log;
    private final Replicas replicas;
    private final RaftOptions options;
    private final RegionFetch fetch;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicInteger installing = new AtomicInteger();
    private Runnable saveSoon = () -> {};

    // Apply thread only.
    private long entriesSince;
    private long bytesSince;

    RegionSnapshots(RegionId region, Replicas replicas, RaftOptions options, RegionFetch fetch) {
        this.region = region;
        this.log = replicas.log(region);
        this.replicas = replicas;
        this.options = options;
        this.fetch = fetch;
    }

    /**
     * @param save asks the library for a snapshot and calls {@link #saved} in the end
     */
    void whenDue(Runnable save) {
        saveSoon = save;
    }

    /** How many followers are being sent the records at present; whoever sends them counts. */
    AtomicInteger installing() {
        return installing;
    }

    /**
     * Counts what was applied and asks for a snapshot when enough has come together. Not while a
     * follower is being sent the records, unless much more has or the disk is short: the log would
     * be cut behind what it is sent, so that it would need all of it again, and under load for
     * ever.
     */
    void applied(int entries, long bytes) {
        entriesSince += entries;
        bytesSince += bytes;
        boolean due =
                isSince(1)
                        && (installing.get() == 0
                                || isSince(MOST_HELD)
                                || replicas.notWritableReason() != null);
        if (due && asked.compareAndSet(false, true)) {
            entriesSince = 0;
            bytesSince = 0;
            // Not from here: the library would wait for this very thread.
            LibraryThreads.execute(saveSoon);
        }
    }

    private boolean isSince(int times) {
        return entriesSince / times >= options.snapshotAfterEntries()
                || bytesSince / times >= options.snapshotAfterBytes();
    }

    void saved() {
        asked.set(false);
    }

    /** Makes everything up to {@code index} durable, then lets the library note it. */
    void save(long index, Closure done) {
        LibraryThreads.execute(() -> done.run(flushed(index)));
    }

    private Status flushed(long index) {
        try {
            replicas.flush(region, index);
            return Status.OK();
        } catch (RuntimeException e) {
            LOG.error("records of region {} could not be flushed: {}", region, e.getMessage());
            return new Status(RaftError.EIO, "%s", String.valueOf(e.getMessage()));
        }
    }

    void load(SnapshotReader reader, StateMachine<?> machine) {
        if (reader instanceof FetchedRegion fetched) {
            fetched.install(replicas, region, machine);
        }
        // Else it is this replica's own, and the records are where they were.
    }

    @Override
    public boolean init(Void nothing) {
        return true;
    }

    @Override
    public void shutdown() {
        // Nothing is held.
    }

    @Override
    public boolean setFilterBeforeCopyRemote() {
        return false;
    }

    @Override
    public SnapshotWriter create() {
        return new NotedSnapshot.Writer(log);
    }

    @Override
    public @Nullable SnapshotReader open() {
        byte[] noted = log.snapshot();
        return noted == null
                ? null
                : new NotedSnapshot.Reader(
                        new NotedSnapshot.At(fetch.self(), NotedSnapshot.parse(noted)));
    }

    @Override
    public SnapshotReader copyFrom(String uri, SnapshotCopierOptions copierOptions) {
        throw new UnsupportedOperationException("snapshots are fetched in the background");
    }

    @Override
    public SnapshotCopier startToCopyFrom(String uri, SnapshotCopierOptions copierOptions) {
        return fetch.start(NotedSnapshot.At.fromUri(uri));
    }

    @Override
    public void setSnapshotThrottle(SnapshotThrottle throttle) {
        throw new UnsupportedOperationException("the sender throttles");
    }
}
