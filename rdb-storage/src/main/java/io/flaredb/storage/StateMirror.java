package io.flaredb.storage;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Column family {@code raft_state} in memory: it is small, and asked for with every request.
 *
 * <p>Changed after the write that makes it so, by the holder of the engine's writer lock or, for
 * the progress of a replicated region, by the thread that applies its log; read by any thread.
 */
final class StateMirror {
    private final Map<RegionId, byte[]> descriptors = new ConcurrentHashMap<>();
    private final Map<RegionId, RegionProgress> progress = new ConcurrentHashMap<>();
    private volatile @Nullable StoreIdentity identity;

    /** Takes over what is stored: at the start, and when the fate of a write is not known. */
    void load(Database database) {
        RegionRecords stored = RegionRecords.read(database);
        descriptors.keySet().retainAll(stored.descriptors().keySet());
        descriptors.putAll(stored.descriptors());
        progress.keySet().retainAll(stored.progress().keySet());
        progress.putAll(stored.progress());
        byte[] identityBytes = database.get(ColumnFamily.RAFT_STATE, StateKey.IDENTITY.encode());
        identity = identityBytes == null ? null : StateValue.toIdentity(identityBytes);
    }

    @Nullable StoreIdentity identity() {
        return identity;
    }

    void identity(StoreIdentity written) {
        identity = written;
    }

    RegionProgress progress(RegionId region) {
        return progress.getOrDefault(region, RegionProgress.NONE);
    }

    void progress(Map<RegionId, RegionProgress> written) {
        progress.putAll(written);
    }

    /** A copy. */
    Map<RegionId, byte[]> descriptors() {
        Map<RegionId, byte[]> copy = new TreeMap<>();
        descriptors.forEach((id, descriptor) -> copy.put(id, descriptor.clone()));
        return copy;
    }

    void descriptor(RegionId region, byte[] written) {
        descriptors.put(region, written);
    }

    void remove(RegionId region) {
        descriptors.remove(region);
        progress.remove(region);
    }
}
