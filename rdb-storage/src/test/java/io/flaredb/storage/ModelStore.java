package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a store should do, said with plain maps. One region. */
final class ModelStore {
    final TreeMap<Bytes, Bytes> raw = new TreeMap<>();
    final TreeMap<Bytes, VersionedValue> versioned = new TreeMap<>();
    private final Map<Bytes, Set<Long>> usedVersions = new HashMap<>();
    long highestDeleted;
    long applied;

    long version(Bytes key) {
        VersionedValue current = versioned.get(key);
        return current == null ? 0 : current.version();
    }

    Outcome apply(Command command) {
        applied++;
        return switch (command) {
            case Command.RawPut(var key, var value) -> {
                raw.put(key, value);
                yield new Outcome.Written();
            }
            case Command.RawDelete(var key) -> {
                raw.remove(key);
                yield new Outcome.Written();
            }
            case Command.RawPutAll(var entries) -> {
                entries.forEach(entry -> raw.put(entry.key(), entry.value()));
                yield new Outcome.Written();
            }
            case Command.CompareAndSwap(var key, var expected, var value) -> {
                if (version(key) != expected) {
                    yield conflict(key);
                }
                yield new Outcome.Swapped(write(key, expected, value, highestDeleted));
            }
            case Command.CompareAndDelete(var key, var expected) -> {
                if (version(key) != expected) {
                    yield conflict(key);
                }
                highestDeleted = Math.max(highestDeleted, expected);
                versioned.remove(key);
                yield new Outcome.Swapped(0);
            }
            case Command.CasBatch(var steps) -> batch(steps);
        };
    }

    private Outcome batch(List<CasStep> steps) {
        List<Long> versions = steps.stream().map(step -> version(step.key())).toList();
        if (!versions.equals(steps.stream().map(CasStep::expectedVersion).toList())) {
            return new Outcome.BatchConflict(versions);
        }
        long floor = highestDeleted;
        List<Long> after = new ArrayList<>();
        for (CasStep step : steps) {
            switch (step) {
                case CasStep.Swap(var key, var expected, var value) ->
                        after.add(write(key, expected, value, floor));
                case CasStep.Delete(var key, var expected) -> {
                    highestDeleted = Math.max(highestDeleted, expected);
                    versioned.remove(key);
                    after.add(0L);
                }
                case CasStep.Check(var _, var expected) -> after.add(expected);
            }
        }
        return new Outcome.BatchSwapped(after);
    }

    private long write(Bytes key, long expected, Bytes value, long floor) {
        long next = (expected == 0 ? floor : expected) + 1;
        if (!usedVersions.computeIfAbsent(key, any -> new HashSet<>()).add(next)) {
            throw new AssertionError("version " + next + " of " + key + " is reused");
        }
        versioned.put(key, new VersionedValue(next, value));
        return next;
    }

    private Outcome conflict(Bytes key) {
        VersionedValue current = versioned.get(key);
        return current == null
                ? new Outcome.Conflict(0, null)
                : new Outcome.Conflict(current.version(), current.value());
    }
}
