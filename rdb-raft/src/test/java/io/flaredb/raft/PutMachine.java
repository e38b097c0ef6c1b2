package io.flaredb.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.Command;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;

/** Puts what entries of the form {@code key=value} say, and answers with their index. */
final class PutMachine implements StateMachine<Long> {
    private final RegionId region;
    private final StorageEngine engine;
    volatile byte[] description = new byte[0];
    volatile List<Peer> lastMembers = List.of();
    volatile boolean failsWhenInstalled;

    PutMachine(RegionId region, StorageEngine engine) {
        this.region = region;
        this.engine = engine;
    }

    static byte[] put(String key, String value) {
        return (key + "=" + value).getBytes(UTF_8);
    }

    @Override
    public List<Long> apply(List<Entry> entries) {
        List<Long> indexes = new ArrayList<>();
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            for (Entry entry : entries) {
                String[] parts = new String(entry.bytes(), UTF_8).split("=", 2);
                if (parts[0].equals("fail")) {
                    throw new IllegalStateException(parts[1]);
                }
                batch.apply(
                        region,
                        entry.index(),
                        new Command.RawPut(key(region, parts[0]), Bytes.utf8(parts[1])));
                indexes.add(entry.index());
            }
            batch.commit();
        }
        return indexes;
    }

    /** Regions share an engine, so each has its own keys. */
    static Bytes key(RegionId region, String name) {
        return Bytes.utf8("r" + region.value() + "/" + name);
    }

    @Override
    public KeyRange range() {
        return new KeyRange(
                Bytes.utf8("r" + region.value() + "/"), Bytes.utf8("r" + region.value() + "0"));
    }

    @Override
    public byte[] describe() {
        return "described".getBytes(UTF_8);
    }

    @Override
    public List<Peer> lastMembers() {
        return lastMembers;
    }

    @Override
    public void installed(byte[] received) {
        if (failsWhenInstalled) {
            throw new IllegalStateException("thrown by this test");
        }
        description = received;
    }
}
