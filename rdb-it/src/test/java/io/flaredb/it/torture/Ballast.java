package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.FlareDb;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.torture.Tally.End;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Records that are written before the load and never again: several times what the servers' caches
 * hold, so that reads of them come from tables on disk, of servers that have just started as well.
 * Whoever reads one must find what was written.
 */
final class Ballast {
    /** Of each kind, raw and versioned. */
    private static final int RECORDS_OF_A_REGION = 1_000;

    private static final int VALUE_BYTES = 1_024;
    private static final int AT_ONCE = 250;
    private static final double READS_PER_SECOND = 50;

    private final int regions;
    private final Tally tally;
    private final Problems problems;
    private final Thread thread;
    private volatile boolean ended;

    /** Writes the records, then starts to read some of them. */
    Ballast(FlareDb db, TortureOptions options, Tally tally, Problems problems) {
        this.regions = options.regions();
        this.tally = tally;
        this.problems = problems;
        for (int region = 0; region < regions; region++) {
            for (int from = 0; from < RECORDS_OF_A_REGION; from += AT_ONCE) {
                write(db, region, from);
            }
        }
        SplittableRandom random = new SplittableRandom(options.seed());
        thread = Thread.ofPlatform().name("ballast").start(() -> repeat(db, random));
    }

    private static void write(FlareDb db, int region, int from) {
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        List<CasOperation> creations = new ArrayList<>();
        for (int i = from; i < from + AT_ONCE; i++) {
            Bytes key = key(region, i);
            entries.put(key, value(key));
            creations.add(CasOperation.swap(key, 0, value(key)));
        }
        db.raw().batchPut(entries);
        if (!(db.cas().batch(creations) instanceof CasBatchResult.Swapped)) {
            throw new IllegalStateException("region " + region + " has records already");
        }
    }

    private static Bytes key(int region, int number) {
        return Bytes.utf8(KeyRing.keyOf(region, "ballast-%05d".formatted(number)));
    }

    /** No two keys have the same, and none is compressed to much less than half. */
    private static Bytes value(Bytes key) {
        byte[] random = new byte[VALUE_BYTES / 2];
        new SplittableRandom(key.hashCode()).nextBytes(random);
        return Bytes.utf8(key + HexFormat.of().formatHex(random));
    }

    private static VersionedValue versioned(Bytes key) {
        return new VersionedValue(1, value(key));
    }

    private void repeat(FlareDb db, SplittableRandom random) {
        Pace pace = new Pace(READS_PER_SECOND);
        while (!ended) {
            pace.await();
            int region = random.nextInt(regions);
            Bytes key = key(region, random.nextInt(RECORDS_OF_A_REGION));
            boolean versioned = random.nextBoolean();
            Tally.Kind kind = versioned ? Tally.Kind.CAS_GET : Tally.Kind.RAW_GET;
            try {
                if (versioned) {
                    check(key, versioned(key), db.cas().get(key));
                } else {
                    check(key, value(key), db.raw().get(key));
                }
                tally.ended(kind, End.ACKNOWLEDGED, region);
            } catch (UnavailableException | RefusedException e) {
                tally.ended(kind, End.FAILED, region);
            } catch (RuntimeException e) {
                problems.report(Problems.Kind.UNEXPECTED_ERROR, "ballast " + key + ": " + e);
            }
        }
    }

    private void check(Bytes key, Object written, Optional<?> found) {
        if (found.isEmpty()) {
            problems.report(Problems.Kind.LOST, "ballast " + key + " is gone");
        } else if (!found.get().equals(written)) {
            problems.report(Problems.Kind.VIOLATION, "ballast " + key + " became " + found.get());
        }
    }

    /**
     * Ends the reading, then reads every record once more.
     *
     * @param reader of a cluster that has recovered
     */
    void end(FlareDb reader) throws InterruptedException {
        ended = true;
        thread.join();
        for (int region = 0; region < regions; region++) {
            readAll(reader, region);
        }
    }

    private void readAll(FlareDb reader, int region) {
        List<Bytes> keys = new ArrayList<>();
        IntStream.range(0, RECORDS_OF_A_REGION).forEach(i -> keys.add(key(region, i)));
        KeyRange range = new KeyRange(keys.getFirst(), keys.getLast().next());
        Map<Bytes, Bytes> raw = new LinkedHashMap<>();
        Map<Bytes, VersionedValue> versioned = new LinkedHashMap<>();
        try {
            for (KeyValue entry : reader.raw().scan(range)) {
                raw.put(entry.key(), entry.value());
            }
            for (VersionedEntry entry : reader.cas().scan(range)) {
                versioned.put(entry.key(), new VersionedValue(entry.version(), entry.value()));
            }
            for (Bytes key : keys) {
                check(key, value(key), Optional.ofNullable(raw.get(key)));
                check(key, versioned(key), Optional.ofNullable(versioned.get(key)));
                check(key, value(key), reader.raw().get(key));
                check(key, versioned(key), reader.cas().get(key));
            }
        } catch (RuntimeException e) {
            problems.report(
                    Problems.Kind.UNEXPECTED_ERROR, "ballast of region " + region + ": " + e);
        }
    }
}
