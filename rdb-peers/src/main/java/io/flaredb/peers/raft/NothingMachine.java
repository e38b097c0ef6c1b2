package io.flaredb.peers.raft;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.raft.Entry;
import io.flaredb.raft.StateMachine;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.util.List;

/**
 * Does nothing with entries but to note, once for each run of them, how far it is: without that the
 * log could not be cut. What is left is the Raft library, its log on disk and the transport.
 */
final class NothingMachine implements StateMachine<Long> {
    private static final Bytes KEY = Bytes.utf8("applied");

    private final RegionId region;
    private final StorageEngine engine;

    NothingMachine(RegionId region, StorageEngine engine) {
        this.region = region;
        this.engine = engine;
    }

    @Override
    public List<Long> apply(List<Entry> entries) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.apply(region, entries.getLast().index(), new Command.RawPut(KEY, Bytes.EMPTY));
            batch.commit();
        }
        return entries.stream().map(Entry::index).toList();
    }

    @Override
    public KeyRange range() {
        return new KeyRange(Bytes.EMPTY, Bytes.EMPTY);
    }
}
