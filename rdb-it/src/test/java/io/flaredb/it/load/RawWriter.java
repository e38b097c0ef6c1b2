package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.KeyValue;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.load.Findings.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts, deletes and atomic batches on raw keys that nobody else writes; each value is unique. */
final class RawWriter implements Writer {
    private static final int KEYS = 64;
    private static final int BATCH_KEYS = 3;
    private static final int SMALL_VALUE_BYTES = 200;
    private static final int LARGE_VALUE_BYTES = 20_000;

    private final KeySpace keys;
    private final RandomGenerator random;
    private final Findings findings;
    private final Map<Bytes, RawRecord> records = new HashMap<>();
    private final RawRecord batch = new RawRecord(); // of all keys that are written only together
    private long sequence;

    RawWriter(KeySpace keys, RandomGenerator random, Findings findings) {
        this.keys = keys;
        this.random = random;
        this.findings = findings;
    }

    @Override
    public void step(FlareDb db) {
        Bytes key = keys.key("key" + random.nextInt(KEYS));
        RawRecord record = records.computeIfAbsent(key, unused -> new RawRecord());
        switch (random.nextInt(10)) {
            case 0 -> write(record, Optional.empty(), () -> db.raw().delete(key));
            case 1 -> {
                Bytes value = uniqueValue();
                write(batch, Optional.of(value), () -> db.raw().batchPut(batchOf(value)));
            }
            case 2 -> read(db, key, record);
            default -> {
                Bytes value = uniqueValue();
                write(record, Optional.of(value), () -> db.raw().put(key, value));
            }
        }
    }

    private Bytes uniqueValue() {
        int padding =
                random.nextInt(random.nextInt(50) == 0 ? LARGE_VALUE_BYTES : SMALL_VALUE_BYTES);
        return Bytes.utf8(keys.name() + " " + sequence++ + ".".repeat(padding));
    }

    private Map<Bytes, Bytes> batchOf(Bytes value) {
        Map<Bytes, Bytes> entries = new HashMap<>();
        for (int i = 0; i < BATCH_KEYS; i++) {
            entries.put(keys.key("batch" + i), value);
        }
        return entries;
    }

    private void write(RawRecord record, Optional<Bytes> state, Runnable operation) {
        try {
            operation.run();
            record.acknowledged(state);
            findings.acknowledged();
        } catch (OutcomeUnknownException e) {
            record.unknown(state);
            findings.unknown(e);
        } catch (UnavailableException | RefusedException e) {
            findings.refused(e); // surely no effect: the record stays as it is
        }
    }

    private void read(FlareDb db, Bytes key, RawRecord record) {
        try {
            compare(key, record, db.raw().get(key));
        } catch (UnavailableException e) {
            findings.refused(e);
        }
    }

    private void compare(Bytes key, RawRecord record, Optional<Bytes> found) {
        if (!record.allows(found)) {
            findings.report(
                    Kind.LOST_WRITE, "raw key " + key + " holds " + found + ", but: " + record);
        }
    }

    @Override
    public void check(FlareDb db, boolean settled) {
        Map<Bytes, Bytes> found = new HashMap<>();
        for (KeyValue entry : db.raw().scan(keys.range())) {
            found.put(entry.key(), entry.value());
        }
        records.forEach((key, record) -> check(key, record, found.get(key), settled));
        Set<Bytes> batchKeys = batchOf(Bytes.EMPTY).keySet();
        batchKeys.forEach(key -> compare(key, batch, Optional.ofNullable(found.get(key))));
        if (batchKeys.stream().map(key -> Optional.ofNullable(found.get(key))).distinct().count()
                > 1) {
            findings.report(Kind.LOST_WRITE, "batch of " + keys.name() + " was written in part");
        }
        if (settled) {
            List<Bytes> any = List.copyOf(batchKeys);
            batch.acknowledged(Optional.ofNullable(found.get(any.getFirst())));
        }
        Set<Bytes> strangers = new HashSet<>(found.keySet());
        strangers.removeAll(records.keySet());
        strangers.removeAll(batchKeys);
        strangers.forEach(key -> findings.report(Kind.LOST_WRITE, "nobody wrote raw key " + key));
    }

    private void check(Bytes key, RawRecord record, @Nullable Bytes value, boolean settled) {
        compare(key, record, Optional.ofNullable(value));
        if (settled) {
            record.acknowledged(Optional.ofNullable(value));
        }
    }
}
