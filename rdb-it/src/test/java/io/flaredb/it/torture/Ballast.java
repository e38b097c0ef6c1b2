package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CorruptionException;
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
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
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

    /** By a scan or a batch, which some of the reads are. */
    private static final int READ_TOGETHER = 50;

    private final int regions;
    private final Tally tally;
    private final Problems problems;
    private final BooleanSupplier damage;
    private final LoadThreads threads;

    /**
     * Writes the records; blocks until all are there.
     *
     * @param db with patience: a write that fails ends the run before it has begun
     */
    static void write(FlareDb db, int regions) {
        for (int region = 0; region < regions; region++) {
            for (int from = 0; from < RECORDS_OF_A_REGION; from += AT_ONCE) {
                write(db, region, from);
            }
        }
    }

    /**
     * Starts to read some of the records, which must have been written.
     *
     * @param damage whether some server's data are damaged, so that reads may end with that
     */
    Ballast(
            FlareDb db,
            TortureOptions options,
            Tally tally,
            Problems problems,
            BooleanSupplier damage) {
        this.regions = options.regions();
        this.tally = tally;
        this.problems = problems;
        this.damage = damage;
        SplittableRandom random = new SplittableRandom(options.seed());
        threads = new LoadThreads(problems);
        threads.add("ballast", READS_PER_SECOND, () -> step(db, random));
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

    private void step(FlareDb db, SplittableRandom random) {
        int region = random.nextInt(regions);
        int from = random.nextInt(RECORDS_OF_A_REGION - READ_TOGETHER);
        int dice = random.nextInt(40);
        boolean versioned = dice % 2 == 0;
        List<Bytes> keys = keys(region, from, dice < 3 ? READ_TOGETHER : 1);
        Tally.Kind kind = versioned ? Tally.Kind.CAS_GET : Tally.Kind.RAW_GET;
        try {
            List<Item> found =
                    switch (dice) {
                        case 0, 2 -> scanVersioned(db, keys);
                        case 1 -> random.nextBoolean() ? scanRaw(db, keys) : batchGet(db, keys);
                        default ->
                                versioned
                                        ? getVersioned(db, keys.getFirst())
                                        : getRaw(db, keys.getFirst());
                    };
            compare(written(keys, versioned), found, problems);
            tally.ended(kind, End.ACKNOWLEDGED, region);
        } catch (UnavailableException | RefusedException e) {
            tally.ended(kind, End.FAILED, region);
        } catch (CorruptionException e) {
            if (!damage.getAsBoolean()) {
                throw e;
            }
            tally.ended(kind, End.FAILED, region); // the damage was found, as it must be
        }
    }

    /**
     * A record.
     *
     * @param content a value, or one with its version
     */
    record Item(Bytes key, Object content) {}

    private static List<Bytes> keys(int region, int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> key(region, i)).toList();
    }

    private static List<Item> written(List<Bytes> keys, boolean versioned) {
        return keys.stream()
                .map(key -> new Item(key, versioned ? versioned(key) : value(key)))
                .toList();
    }

    private static KeyRange range(List<Bytes> keys) {
        return new KeyRange(keys.getFirst(), keys.getLast().next());
    }

    private static List<Item> scanRaw(FlareDb db, List<Bytes> keys) {
        List<Item> found = new ArrayList<>();
        for (KeyValue entry : db.raw().scan(range(keys))) {
            found.add(new Item(entry.key(), entry.value()));
        }
        return found;
    }

    private static List<Item> scanVersioned(FlareDb db, List<Bytes> keys) {
        List<Item> found = new ArrayList<>();
        for (VersionedEntry entry : db.cas().scan(range(keys))) {
            found.add(new Item(entry.key(), new VersionedValue(entry.version(), entry.value())));
        }
        return found;
    }

    private static List<Item> batchGet(FlareDb db, List<Bytes> keys) {
        return db.raw().batchGet(keys).entrySet().stream()
                .map(entry -> new Item(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static List<Item> getRaw(FlareDb db, Bytes key) {
        return db.raw().get(key).stream().map(value -> new Item(key, value)).toList();
    }

    private static List<Item> getVersioned(FlareDb db, Bytes key) {
        return db.cas().get(key).stream().map(value -> new Item(key, value)).toList();
    }

    /**
     * Tells of what was read and is not what was written: a record that is gone, another one, one
     * twice, one that nobody wrote, or another order.
     *
     * @param written in the order of keys
     */
    static void compare(List<Item> written, List<Item> found, Problems problems) {
        Set<Bytes> keys = found.stream().map(Item::key).collect(Collectors.toSet());
        List<Item> left = new ArrayList<>();
        for (Item item : written) {
            if (keys.contains(item.key())) {
                left.add(item);
            } else {
                problems.report(Problems.Kind.LOST, "ballast " + item.key() + " is gone");
            }
        }
        int same = 0;
        while (same < Math.min(left.size(), found.size())
                && left.get(same).equals(found.get(same))) {
            same++;
        }
        if (same < Math.max(left.size(), found.size())) {
            problems.report(
                    Problems.Kind.VIOLATION,
                    "ballast has %s instead of %s".formatted(at(found, same), at(left, same)));
        }
    }

    private static String at(List<Item> items, int index) {
        return index < items.size() ? items.get(index).toString() : "no record";
    }

    /** Ends the reading. */
    void end() throws InterruptedException {
        threads.end();
    }

    /**
     * Reads every record once more.
     *
     * @param reader of a cluster that has recovered
     */
    void readAll(FlareDb reader) {
        for (int region = 0; region < regions; region++) {
            List<Bytes> keys = keys(region, 0, RECORDS_OF_A_REGION);
            threads.run("ballast of region " + region, () -> readAll(reader, keys));
        }
    }

    private void readAll(FlareDb reader, List<Bytes> keys) {
        compare(written(keys, false), scanRaw(reader, keys), problems);
        compare(written(keys, true), scanVersioned(reader, keys), problems);
        compare(written(keys, false), batchGet(reader, keys), problems);
        for (Bytes key : keys) {
            compare(written(List.of(key), false), getRaw(reader, key), problems);
            compare(written(List.of(key), true), getVersioned(reader, key), problems);
        }
    }
}
