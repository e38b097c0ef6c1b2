package io.flaredb.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.flaredb.bytes.Bytes;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that replicates to itself until it is killed: logs an entry, says so, applies it to
 * memory. Each entry puts its index under one key of each kind, and some weight so that memory
 * fills and is flushed now and then.
 */
final class ReplicatedWrites {
    static final RegionId REGION = new RegionId(7);
    static final Bytes RAW_KEY = Bytes.utf8("raw");
    static final Bytes CAS_KEY = Bytes.utf8("cas");
    private static final int PADDING_BYTES = 4_096;

    private ReplicatedWrites() {}

    public static void main(String[] args) {
        try (StorageEngine engine = StorageEngine.open(Path.of(args[0]), EngineTest.SMALL)) {
            Replicas replicas = engine.replicas();
            RaftLog log = replicas.log(REGION);
            log.save(new HardState(Long.parseLong(args[1]), "voted"));
            System.out.println("vote " + args[1]);
            replay(engine, log);
            for (long index = log.lastIndex() + 1; ; index++) {
                log.append(index, List.of(entry(index)));
                System.out.println("entry " + index);
                apply(engine, index);
                if (index % 100 == 0) {
                    log.truncatePrefix(applied(replicas.flushedIndex(REGION)) + 1);
                }
            }
        }
    }

    static RaftLog.Entry entry(long index) {
        return new RaftLog.Entry(Long.toString(index).getBytes(UTF_8), false);
    }

    /** Applies what a crash has taken back. */
    static void replay(StorageEngine engine, RaftLog log) {
        for (long i = applied(engine.appliedIndex(REGION)) + 1; i <= log.lastIndex(); i++) {
            byte[] stored = log.read(i);
            if (stored == null || Long.parseLong(new String(stored, UTF_8)) != i) {
                throw new AssertionError("entry " + i + " is lost");
            }
            apply(engine, i);
        }
    }

    /** Two commands for an entry, in one batch: the first at twice its index less one. */
    private static void apply(StorageEngine engine, long index) {
        Bytes value = Bytes.utf8(Long.toString(index));
        VersionedValue record = engine.getVersioned(CAS_KEY);
        long version = record == null ? 0 : record.version();
        KeyValue padding =
                new KeyValue(
                        Bytes.utf8("padding" + index % 100), Bytes.wrap(new byte[PADDING_BYTES]));
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.apply(
                    REGION,
                    2 * index - 1,
                    new Command.RawPutAll(List.of(new KeyValue(RAW_KEY, value), padding)));
            batch.apply(REGION, 2 * index, new Command.CompareAndSwap(CAS_KEY, version, value));
            batch.commit();
        }
    }

    /** The entry whose commands were the last to be applied. */
    static long applied(long appliedIndex) {
        return appliedIndex / 2;
    }
}
