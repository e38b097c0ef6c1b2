package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.load.Findings.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Swaps, deletes and creates CAS keys that nobody else writes; each value is unique. */
final class CasWriter implements Writer {
    private static final int KEYS = 32;

    private final KeySpace keys;
    private final RandomGenerator random;
    private final Findings findings;
    private final Map<Bytes, CasRecord> records = new HashMap<>();
    private long sequence;

    CasWriter(KeySpace keys, RandomGenerator random, Findings findings) {
        this.keys = keys;
        this.random = random;
        this.findings = findings;
    }

    @Override
    public void step(FlareDb db) {
        Bytes key = keys.key("key" + random.nextInt(KEYS));
        CasRecord record = records.computeIfAbsent(key, unused -> new CasRecord());
        try {
            switch (random.nextInt(8)) {
                case 0 -> delete(db, key, record);
                case 1 -> compare(key, record, db.cas().get(key));
                default -> put(db, key, record);
            }
        } catch (UnavailableException | RefusedException e) {
            findings.refused(e); // surely no effect: the record stays as it is
        }
    }

    private void put(FlareDb db, Bytes key, CasRecord record) {
        Bytes value = Bytes.utf8(keys.name() + " " + sequence++);
        try {
            switch (db.cas().put(key, record.knownVersion(), value)) {
                case CasResult.Swapped(long version) -> {
                    wrong(Kind.WRONG_VERSION, key, record.swapped(version, value));
                    findings.acknowledged();
                }
                case CasResult.Conflict conflict -> met(conflict, key, record);
            }
        } catch (OutcomeUnknownException e) {
            record.unknownPut(value);
            findings.unknown(e);
        }
    }

    private void delete(FlareDb db, Bytes key, CasRecord record) {
        try {
            switch (db.cas().delete(key, record.knownVersion())) {
                case CasResult.Swapped swapped -> {
                    if (swapped.version() != 0) {
                        wrong(Kind.WRONG_VERSION, key, Optional.of("delete gave " + swapped));
                    }
                    record.deleted();
                    findings.acknowledged();
                }
                case CasResult.Conflict conflict -> met(conflict, key, record);
            }
        } catch (OutcomeUnknownException e) {
            record.unknownDelete();
            findings.unknown(e);
        }
    }

    private void met(CasResult.Conflict conflict, Bytes key, CasRecord record) {
        wrong(Kind.WRONG_VERSION, key, record.conflict(conflict.currentVersion()));
        compare(key, record, stateOf(conflict));
    }

    private static Optional<VersionedValue> stateOf(CasResult.Conflict conflict) {
        return conflict.currentValue()
                .map(value -> new VersionedValue(conflict.currentVersion(), value));
    }

    private void compare(Bytes key, CasRecord record, Optional<VersionedValue> found) {
        wrong(Kind.LOST_WRITE, key, record.found(found));
    }

    private void wrong(Kind kind, Bytes key, Optional<String> what) {
        what.ifPresent(text -> findings.report(kind, "CAS key " + key + ": " + text));
    }

    @Override
    public void check(FlareDb db, boolean settled) {
        Map<Bytes, VersionedValue> found = new HashMap<>();
        for (VersionedEntry entry : db.cas().scan(keys.range())) {
            found.put(entry.key(), new VersionedValue(entry.version(), entry.value()));
        }
        records.forEach((key, record) -> compare(key, record, Optional.ofNullable(found.get(key))));
        found.keySet().removeAll(records.keySet());
        found.keySet()
                .forEach(key -> findings.report(Kind.LOST_WRITE, "nobody wrote CAS key " + key));
    }
}
