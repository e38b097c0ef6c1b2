package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules of versions, and what they have come to so far in one batch. A key that exists goes up
 * by one with each swap. A key that is created gets a version above the region's version floor,
 * which is at least that of every record ever deleted there: so no version comes twice.
 */
final class CasChanges {
    private final Function<Bytes, @Nullable VersionedValue> stored;
    private final Map<Bytes, @Nullable VersionedValue> changed = new HashMap<>(); // null: deleted
    private @Nullable Bytes lastRead;
    private @Nullable VersionedValue lastRecord; // stored under it; null: none

    /** What came of a command, and where its region stands behind it. */
    record Decision(Outcome outcome, RegionProgress after) {}

    CasChanges(Function<Bytes, @Nullable VersionedValue> stored) {
        this.stored = stored;
    }

    /**
     * @param reached where the region stands with this command counted as applied; so in all
     *     methods
     */
    Decision swap(RegionProgress reached, Bytes key, long expected, Bytes value) {
        VersionedValue current = current(key);
        long version = versionOf(current);
        if (version != expected) {
            return conflict(reached, current);
        }
        long next = nextVersion(key, version, reached);
        changed.put(key, new VersionedValue(next, value));
        return new Decision(new Outcome.Swapped(next), reached);
    }

    Decision delete(RegionProgress reached, Bytes key, long expected) {
        VersionedValue current = current(key);
        long version = versionOf(current);
        if (version != expected) {
            return conflict(reached, current);
        }
        if (current != null) {
            changed.put(key, null);
        }
        return new Decision(new Outcome.Swapped(0), reached.withFloorAtLeast(version));
    }

    /** Finds out everything before it changes anything, since it may be refused on the way. */
    Decision batch(RegionProgress reached, List<CasStep> steps) {
        List<Long> versions = new ArrayList<>(steps.size());
        Set<Bytes> keys = new HashSet<>();
        boolean conflict = false;
        for (CasStep step : steps) {
            if (!keys.add(step.key())) {
                throw new IllegalArgumentException("key " + step.key() + " is in the batch twice");
            }
            long version = versionOf(current(step.key()));
            versions.add(version);
            conflict |= version != step.expectedVersion();
        }
        if (conflict) {
            return new Decision(new Outcome.BatchConflict(versions), reached);
        }
        List<Long> next = new ArrayList<>(steps.size());
        RegionProgress after = reached;
        for (CasStep step : steps) {
            long version = step.expectedVersion();
            switch (step) {
                case CasStep.Swap swap -> next.add(nextVersion(swap.key(), version, reached));
                case CasStep.Delete _ -> {
                    next.add(0L);
                    after = after.withFloorAtLeast(version);
                }
                case CasStep.Check _ -> next.add(version);
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            switch (steps.get(i)) {
                case CasStep.Swap(Bytes key, long _, Bytes value) ->
                        changed.put(key, new VersionedValue(next.get(i), value));
                case CasStep.Delete(Bytes key, long version) -> {
                    if (version != 0) {
                        changed.put(key, null);
                    }
                }
                case CasStep.Check _ -> {}
            }
        }
        return new Decision(new Outcome.BatchSwapped(next), after);
    }

    void addTo(List<RecordChange> changes) {
        changed.forEach((key, record) -> {
            byte[] stored = record == null ? null : CasRecord.encode(record);
            changes.add(new RecordChange(ColumnFamily.CAS, key.unsafeArray(), stored));
        });
    }

    private static Decision conflict(RegionProgress reached, @Nullable VersionedValue current) {
        Outcome outcome =
                current == null
                        ? new Outcome.Conflict(0, null)
                        : new Outcome.Conflict(current.version(), current.value());
        return new Decision(outcome, reached);
    }

    private @Nullable VersionedValue current(Bytes key) {
        VersionedValue waiting = changed.get(key);
        return waiting != null || changed.containsKey(key) ? waiting : read(key);
    }

    /** Many may be refused on one key, and share what they are told: nothing changes it yet. */
    private @Nullable VersionedValue read(Bytes key) {
        if (lastRead == null || !lastRead.equals(key)) {
            lastRecord = stored.apply(key);
            lastRead = key;
        }
        return lastRecord;
    }

    private static long versionOf(@Nullable VersionedValue record) {
        return record == null ? 0 : record.version();
    }

    /**
     * @param version the key is at; 0: it is absent
     */
    private static long nextVersion(Bytes key, long version, RegionProgress progress) {
        long last = version == 0 ? progress.versionFloor() : version;
        if (last == -1L) {
            throw new IllegalArgumentException(
                    "key " + key + " has no version left above " + Long.toUnsignedString(last));
        }
        return last + 1;
    }
}
