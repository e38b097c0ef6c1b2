package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.load.Findings.Kind;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** One CAS key that several threads count up by {@code update}. One instance serves all of them. */
final class SharedCounter implements Writer {
    private static final Bytes KEY = Bytes.utf8("shared-counter");

    private final Findings findings;
    private final Set<Long> versions = ConcurrentHashMap.newKeySet();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();

    SharedCounter(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void step(FlareDb db) {
        try {
            counted(db.cas().update(KEY, SharedCounter::plusOne).version());
            acknowledged.incrementAndGet();
            findings.acknowledged();
        } catch (OutcomeUnknownException e) {
            unknown.incrementAndGet();
            findings.unknown(e);
        } catch (UnavailableException | RefusedException e) {
            findings.refused(e);
        }
    }

    /** An update was acknowledged: no other one may ever have the same version. */
    void counted(long version) {
        if (!versions.add(version)) {
            findings.report(
                    Kind.WRONG_VERSION, "shared counter has version %d twice".formatted(version));
        }
    }

    private static Bytes plusOne(Optional<Bytes> current) {
        return Bytes.utf8(Long.toString(current.map(SharedCounter::parse).orElse(0L) + 1));
    }

    private static long parse(Bytes value) {
        return Long.parseLong(value.utf8());
    }

    @Override
    public void check(FlareDb db, boolean settled) {
        Optional<VersionedValue> found = db.cas().get(KEY);
        long count = found.map(entry -> parse(entry.value())).orElse(0L);
        long least = acknowledged.get();
        long most = least + unknown.get();
        if (count < least || count > most) {
            findings.report(
                    Kind.LOST_WRITE,
                    "shared counter is at %d, expected %d to %d".formatted(count, least, most));
        }
        long version = found.map(VersionedValue::version).orElse(0L);
        if (version != count) { // never deleted, so each count is one version
            findings.report(
                    Kind.WRONG_VERSION,
                    "shared counter at %d has version %d".formatted(count, version));
        }
        if (settled) {
            acknowledged.set(count);
            unknown.set(0);
        }
    }
}
