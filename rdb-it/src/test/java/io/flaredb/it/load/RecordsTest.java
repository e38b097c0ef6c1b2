package io.flaredb.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.VersionedValue;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Would the load notice? Each test shows one wrong answer to a record, or one right one. */
class RecordsTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Bytes C = Bytes.utf8("c");

    private final RawRecord raw = new RawRecord();
    private final CasRecord cas = new CasRecord();

    @Test
    void rawRecordNoticesALostPutAndALostDelete() {
        raw.acknowledged(Optional.of(A));
        raw.acknowledged(Optional.of(B));
        assertThat(raw.allows(Optional.of(B))).isTrue();
        assertThat(raw.allows(Optional.of(A))).isFalse();
        assertThat(raw.allows(Optional.empty())).isFalse();

        raw.acknowledged(Optional.empty());
        assertThat(raw.allows(Optional.of(B))).isFalse();
    }

    @Test
    void rawRecordAllowsEachUnknownWriteSinceTheLastAcknowledgedOne() {
        raw.unknown(Optional.of(A));
        raw.acknowledged(Optional.of(B));
        raw.unknown(Optional.of(C));
        raw.unknown(Optional.empty());

        assertThat(raw.allows(Optional.of(B))).isTrue();
        assertThat(raw.allows(Optional.of(C))).isTrue();
        assertThat(raw.allows(Optional.empty())).isTrue();
        assertThat(raw.allows(Optional.of(A))).isFalse();
    }

    @Test
    void casRecordNoticesALostSwap() {
        assertThat(cas.swapped(1, A)).isEmpty();
        assertThat(cas.swapped(2, B)).isEmpty();

        assertThat(cas.found(state(2, B))).isEmpty();
        assertThat(cas.found(state(1, A))).isPresent();
    }

    @Test
    void casRecordNoticesALostDelete() {
        assertThat(cas.swapped(1, A)).isEmpty();
        cas.deleted();

        assertThat(cas.found(state(1, A))).isPresent();
    }

    @Test
    void casRecordNoticesAVersionThatComesTwice() {
        assertThat(cas.swapped(5, A)).isEmpty();
        cas.deleted();

        assertThat(cas.swapped(5, B)).isPresent();
    }

    @Test
    void casRecordNoticesASwapThatSkipsAVersion() {
        assertThat(cas.swapped(1, A)).isEmpty();

        assertThat(cas.swapped(3, B)).isPresent();
    }

    @Test
    void casRecordNoticesAnotherValueUnderTheSameVersion() {
        assertThat(cas.swapped(1, A)).isEmpty();

        assertThat(cas.found(state(1, B))).isPresent();
    }

    @Test
    void casRecordAllowsAnUnknownSwapToHaveHappenedOrNot() {
        assertThat(cas.swapped(1, A)).isEmpty();
        cas.unknownPut(B);

        assertThat(cas.found(state(1, A))).isEmpty();
        assertThat(cas.found(state(2, B))).isEmpty();
        assertThat(cas.found(state(1, A))).as("went back").isPresent();
    }

    @Test
    void casRecordAllowsAnUnknownDeleteAndAnUnknownCreate() {
        assertThat(cas.swapped(1, A)).isEmpty();
        cas.unknownDelete();
        assertThat(cas.found(Optional.empty())).isEmpty();
        cas.unknownPut(B);
        assertThat(cas.found(state(7, B))).isEmpty();
    }

    @Test
    void casRecordNoticesAnUnknownCreateUnderAnOldVersion() {
        assertThat(cas.swapped(3, A)).isEmpty();
        cas.deleted();
        cas.unknownPut(B);

        assertThat(cas.found(state(3, B))).isPresent();
    }

    @Test
    void casRecordNoticesAConflictWithTheExpectedVersion() {
        assertThat(cas.swapped(1, A)).isEmpty();

        assertThat(cas.conflict(2)).isEmpty();
        assertThat(cas.conflict(1)).isPresent();
    }

    @Test
    void sharedCounterNoticesAVersionThatComesTwice() {
        Findings findings = new Findings();
        SharedCounter counter = new SharedCounter(findings);
        counter.counted(1);
        counter.counted(2);
        assertThat(findings.all()).isEmpty();

        counter.counted(2);
        assertThat(findings.all()).hasSize(1);
    }

    private static Optional<VersionedValue> state(long version, Bytes value) {
        return Optional.of(new VersionedValue(version, value));
    }
}
