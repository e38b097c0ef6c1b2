package io.flaredb.server.log;

import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Region;
import io.flaredb.raft.Entry;
import io.flaredb.raft.Peer;
import io.flaredb.raft.StateMachine;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.Fate;
import io.flaredb.storage.RegionDigest;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.RequestId;
import io.flaredb.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Applies a region's log to its records: commands are decided here, one after the other, each
 * seeing the effects of those before it, so of two swaps on one version exactly one wins, and the
 * same one on every replica. (DESIGN, "One write path".)
 */
public final class RegionMachine implements StateMachine<Applied> {
    private final StorageEngine engine;
    private final RegionId id;
    private final KeyRange range;
    private final Description description;
    private final RegionChecks checks;
    private final Digests digests;
    private final long lastBefore; // index of the last entry that this one did not see come

    /** The region's descriptor, kept by who owns the replica. Durable when a method returns. */
    public interface Description {
        /** Of now. Any thread. */
        Region current();

        /** Whom the current one names. Any thread. */
        List<Peer> peers();

        /** Takes a descriptor over if it follows the current one; apply thread only. */
        void follow(Region next);

        /** The replica's records were replaced: takes over that replica's descriptor if newer. */
        void installed(byte[] description);
    }

    /**
     * Goes on with the region's log as it is in the engine now.
     *
     * @param checks gets what checks of this replica come to
     * @param digests the store's
     */
    public RegionMachine(
            StorageEngine engine,
            RegionId id,
            KeyRange range,
            Description description,
            RegionChecks checks,
            Digests digests) {
        this.engine = engine;
        this.id = id;
        this.range = range;
        this.description = description;
        this.checks = checks;
        this.digests = digests;
        this.lastBefore = engine.replicas().log(id).lastIndex();
    }

    @Override
    public List<Applied> apply(List<Entry> entries) {
        List<Applied> results = new ArrayList<>(entries.size());
        ConflictValues values = new ConflictValues();
        int next = 0;
        while (next < entries.size()) {
            next = applyUpToCheck(entries, next, values, results);
        }
        return results;
    }

    /** Applies entries in one batch, up to one that needs what is before it to be readable. */
    private int applyUpToCheck(
            List<Entry> entries, int from, ConflictValues values, List<Applied> results) {
        int next = from;
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            while (next < entries.size()) {
                Entry entry = entries.get(next++);
                switch (LogEntryCodec.decode(entry.bytes())) {
                    case LogEntry.OfClient write ->
                            results.add(apply(batch, entry.index(), write, values));
                    case LogEntry.Several(var parts) -> {
                        batch.share(id, entry.index());
                        List<Applied> ends = new ArrayList<>(parts.size());
                        for (LogEntry.OfClient write : parts) {
                            ends.add(apply(batch, entry.index(), write, values));
                        }
                        results.add(new Applied.Several(ends));
                    }
                    case LogEntry.ForgetIdle(long beforeMillis) -> {
                        batch.forgetIdle(id, entry.index(), beforeMillis);
                        results.add(new Applied.Done());
                    }
                    case LogEntry.Describe(Region region) -> {
                        description.follow(region);
                        results.add(new Applied.Described(description.current()));
                    }
                    case LogEntry.Check(long checkId) -> {
                        batch.commit();
                        checks.follow(checkId, entry.index(), digest(entry.index()));
                        results.add(new Applied.Checking(entry.index()));
                        return next;
                    }
                }
            }
            batch.commit();
        }
        return next;
    }

    /**
     * Of the records as of now. A check leaves no trace in the records, so those in the log come
     * again at each start; but who asked for them has gone, and they may be thousands.
     */
    private CompletableFuture<RegionDigest> digest(long index) {
        return Long.compareUnsigned(index, lastBefore) > 0
                ? digests.start(id, range)
                : CompletableFuture.failedFuture(
                        new NotCheckedException("the replica was started after the check"));
    }

    private Applied apply(
            ApplyBatch batch, long index, LogEntry.OfClient entry, ConflictValues values) {
        return switch (entry) {
            case LogEntry.Write(Command command) ->
                    ended(values, () -> new Fate.First(batch.apply(id, index, command)));
            case LogEntry.Numbered(RequestId request, long nowMillis, Command command) ->
                    ended(values, () -> batch.apply(id, index, request, nowMillis, command));
            case LogEntry.Settle(RequestId request, long nowMillis) ->
                    new Applied.Ended(batch.settle(id, index, request, nowMillis));
        };
    }

    private static Applied ended(ConflictValues values, Supplier<Fate> write) {
        try {
            return new Applied.Ended(values.bounded(write.get()));
        } catch (IllegalArgumentException e) {
            return new Applied.Refused(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public KeyRange range() {
        return range;
    }

    @Override
    public byte[] describe() {
        return description.current().toByteArray();
    }

    @Override
    public List<Peer> lastMembers() {
        return description.peers();
    }

    @Override
    public void installed(byte[] installed) {
        description.installed(installed);
    }
}
