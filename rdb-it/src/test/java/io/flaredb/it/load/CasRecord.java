package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.VersionedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a CAS key may hold: its last known state, or the result of a write of unknown outcome that
 * expected that state. Owned by the key's writer.
 *
 * <p>A write of unknown outcome can no longer happen once the key has left the state it expected,
 * so learning of any new state settles all of them.
 */
final class CasRecord {
    private static final VersionedValue ABSENT = new VersionedValue(0, Bytes.EMPTY);

    private VersionedValue known = ABSENT;
    private final List<VersionedValue> perhaps = new ArrayList<>(); // version 0: deleted
    private long highestVersion;

    long knownVersion() {
        return known.version();
    }

    /** A write of {@code value} that expected the known version may or may not have happened. */
    void unknownPut(Bytes value) {
        perhaps.add(new VersionedValue(known.version() + 1, value));
    }

    void unknownDelete() {
        perhaps.add(ABSENT);
    }

    /** Takes what was found as the known state; returns what is wrong with it, if anything. */
    Optional<String> found(Optional<VersionedValue> state) {
        VersionedValue now = state.orElse(ABSENT);
        if (now.equals(known)) {
            return Optional.empty();
        }
        boolean possible = perhaps.stream().anyMatch(expected -> allows(expected, now));
        Optional<String> wrong =
                possible
                        ? learn(now)
                        : Optional.of(
                                "found " + now + ", but known " + known + ", perhaps " + perhaps);
        known = now;
        perhaps.clear();
        return wrong;
    }

    /** A write that expected the known version met this one; returns what is wrong with that. */
    Optional<String> conflict(long version) {
        return version == known.version()
                ? Optional.of("conflict with " + version + ", which was expected")
                : Optional.empty();
    }

    private boolean allows(VersionedValue expected, VersionedValue now) {
        if (known.equals(ABSENT) && now.version() != 0) {
            // A create takes a version above every one before it, which depends on other keys'
            // deletes.
            return expected.value().equals(now.value());
        }
        return expected.equals(now);
    }

    /** A put of {@code value} was acknowledged. */
    Optional<String> swapped(long version, Bytes value) {
        boolean create = known.version() == 0;
        Optional<String> wrong =
                create || version == known.version() + 1
                        ? learn(new VersionedValue(version, value))
                        : Optional.of("swap on " + known.version() + " gave " + version);
        known = new VersionedValue(version, value);
        perhaps.clear();
        return wrong;
    }

    /** A delete was acknowledged. */
    void deleted() {
        known = ABSENT;
        perhaps.clear();
    }

    /**
     * Notes a version that is new for this key: it must be above all before it, or it would repeat.
     */
    private Optional<String> learn(VersionedValue now) {
        if (now.version() == 0) {
            return Optional.empty();
        }
        if (Long.compareUnsigned(now.version(), highestVersion) <= 0) {
            return Optional.of("version " + now.version() + " after " + highestVersion);
        }
        highestVersion = now.version();
        return Optional.empty();
    }
}
