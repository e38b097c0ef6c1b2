package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.Report.Verdict;
import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Planted violations, each of which must be caught, and their harmless twins. */
class VersionedRegisterTest {
    private static final Input GET = new Input.Get();
    private static final Output ABSENT = new Output.Absent();
    private static final Output DELETED = new Output.Swapped(0);

    private final Plot<Input, Output> plot = new Plot<>();

    @Test
    void catchesAStaleRead() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), swapped(2)).then(GET, found(1, "a"));

        assertViolation();
    }

    @Test
    void allowsAReadDuringASwapToSeeWhatWasBefore() {
        plot.then(put(0, "a"), swapped(1));
        Plot<Input, Output>.Open swap = plot.call(put(1, "b"));
        plot.then(GET, found(1, "a")).then(GET, found(2, "b"));
        swap.returns(swapped(2));

        assertLinearizable();
    }

    @Test
    void catchesAReadThatGoesBackDuringASwap() {
        plot.then(put(0, "a"), swapped(1));
        Plot<Input, Output>.Open swap = plot.call(put(1, "b"));
        plot.then(GET, found(2, "b")).then(GET, found(1, "a"));
        swap.returns(swapped(2));

        assertViolation();
    }

    @Test
    void catchesALostUpdate() {
        plot.then(put(0, "a"), swapped(1));
        Plot<Input, Output>.Open one = plot.call(put(1, "b"));
        Plot<Input, Output>.Open other = plot.call(put(1, "c"));
        one.returns(swapped(2));
        other.returns(swapped(2));

        assertViolation();
    }

    @Test
    void allowsOneOfTwoSwapsToMeetTheOther() {
        plot.then(put(0, "a"), swapped(1));
        Plot<Input, Output>.Open one = plot.call(put(1, "b"));
        Plot<Input, Output>.Open other = plot.call(put(1, "c"));
        one.returns(conflict(2, "c"));
        other.returns(swapped(2));

        assertLinearizable();
    }

    @Test
    void catchesAnAcknowledgedCreateThatIsGone() {
        plot.then(put(0, "a"), swapped(1)).then(GET, ABSENT);

        assertViolation();
    }

    @Test
    void catchesASwapThatWasAppliedTwice() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), swapped(2)).then(GET, found(3, "b"));

        assertViolation();
    }

    /** The bug that request ids are there to prevent. */
    @Test
    void catchesAConflictAgainstTheClientsOwnWrite() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), conflict(2, "b"));

        assertViolation();
    }

    @Test
    void allowsAConflictAgainstTheSameValueOfAnother() {
        plot.then(put(0, "a"), swapped(1)).unknown(put(1, "b")).then(put(1, "b"), conflict(2, "b"));

        assertLinearizable();
    }

    @Test
    void catchesAnUnknownSwapThatWasAppliedTwice() {
        plot.then(put(0, "a"), swapped(1))
                .unknown(put(1, "b"))
                .then(GET, found(2, "b"))
                .then(delete(2), DELETED)
                .then(GET, found(3, "b"));

        assertViolation();
    }

    @Test
    void catchesAVersionThatIsUsedAgainAfterADelete() {
        plot.then(put(0, "a"), swapped(1))
                .then(put(1, "b"), swapped(2))
                .then(delete(2), DELETED)
                .then(put(0, "c"), swapped(2));

        assertViolation();
    }

    @Test
    void catchesAVersionBelowOneOfLongAgo() {
        plot.then(put(0, "a"), swapped(7))
                .then(delete(7), DELETED)
                .then(delete(0), DELETED)
                .then(put(0, "b"), swapped(3));

        assertViolation();
    }

    @Test
    void allowsACreateAfterADeleteToJumpAnyFar() {
        plot.then(put(0, "a"), swapped(1))
                .then(delete(1), DELETED)
                .then(put(0, "b"), swapped(9))
                .then(GET, found(9, "b"));

        assertLinearizable();
    }

    @Test
    void comparesVersionsUnsigned() {
        plot.then(put(0, "a"), swapped(Long.MAX_VALUE))
                .then(delete(Long.MAX_VALUE), DELETED)
                .then(put(0, "b"), swapped(Long.MIN_VALUE))
                .then(put(Long.MIN_VALUE, "c"), swapped(Long.MIN_VALUE + 1));

        assertLinearizable();
    }

    @Test
    void catchesAnUnknownCreateUnderAnOldVersion() {
        plot.then(put(0, "a"), swapped(3))
                .then(delete(3), DELETED)
                .unknown(put(0, "b"))
                .then(GET, found(3, "b"));

        assertViolation();
    }

    @Test
    void catchesAnUnknownCreateThatIsSeenUnderTwoVersions() {
        plot.unknown(put(0, "a")).then(GET, found(5, "a")).then(GET, found(6, "a"));

        assertViolation();
    }

    @Test
    void allowsAnUnknownCreateToBeSwappedBeforeItsVersionIsRead() {
        plot.unknown(put(0, "a")).then(put(5, "b"), swapped(6)).then(GET, found(6, "b"));

        assertLinearizable();
    }

    @Test
    void catchesASwapThatSkipsAVersion() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), swapped(3));

        assertViolation();
    }

    @Test
    void catchesAReadOfAValueThatNobodyWrote() {
        plot.then(put(0, "a"), swapped(1)).unknown(put(1, "b")).then(GET, found(2, "c"));

        assertViolation();
    }

    @Test
    void catchesAConflictWithAVersionThatNeverWas() {
        plot.then(put(0, "a"), swapped(1)).then(put(7, "b"), conflict(2, "a"));

        assertViolation();
    }

    @Test
    void catchesAConflictWithTheExpectedVersion() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), conflict(1, "a"));

        assertViolation();
    }

    @Test
    void allowsAConflictWithTheVersionThatIs() {
        plot.then(delete(4), new Output.Conflict(0, Optional.empty()))
                .then(put(0, "a"), swapped(1))
                .then(put(7, "b"), conflict(1, "a"))
                .then(delete(7), conflict(1, "a"))
                .then(put(0, "b"), conflict(1, "a"));

        assertLinearizable();
    }

    @Test
    void allowsAnUnknownSwapToBeSeen() {
        plot.then(put(0, "a"), swapped(1))
                .unknown(put(1, "b"))
                .then(GET, found(1, "a"))
                .then(GET, found(2, "b"));

        assertLinearizable();
    }

    @Test
    void allowsAnUnknownSwapNeverToBeSeen() {
        plot.then(put(0, "a"), swapped(1))
                .unknown(put(1, "b"))
                .then(put(1, "c"), swapped(2))
                .then(GET, found(2, "c"));

        assertLinearizable();
    }

    @Test
    void catchesAnUnknownSwapThatIsSeenAndThenIsNot() {
        plot.then(put(0, "a"), swapped(1))
                .unknown(put(1, "b"))
                .then(GET, found(2, "b"))
                .then(GET, found(1, "a"));

        assertViolation();
    }

    @Test
    void allowsAnUnknownDeleteToBeSeenButNotUndone() {
        plot.then(put(0, "a"), swapped(1)).unknown(delete(1)).then(GET, ABSENT);
        assertLinearizable();

        plot.then(GET, found(1, "a"));
        assertViolation();
    }

    @Test
    void catchesABatchThatWasToldAVersionOfLongAgo() {
        plot.then(put(0, "a"), swapped(1)).then(put(1, "b"), swapped(2)).then(put(1, "c"), at(1));

        assertViolation();
    }

    @Test
    void catchesACheckThatPassedAtAVersionThatNeverWas() {
        plot.then(put(0, "a"), swapped(1)).then(GET, at(2));

        assertViolation();
    }

    @Test
    void catchesABatchThatWasToldOfAKeyThatIsAbsent() {
        plot.then(delete(1), at(1));

        assertViolation();
    }

    /** Another key of the batch was not. */
    @Test
    void allowsABatchToHaveNoEffectThoughTheKeyIsAtTheExpectedVersion() {
        plot.then(put(0, "a"), swapped(1))
                .then(put(1, "b"), at(1))
                .then(delete(1), at(1))
                .then(GET, found(1, "a"));

        assertLinearizable();
    }

    @Test
    void knowsTheVersionOfAnUnknownCreateOnceABatchWasToldIt() {
        plot.unknown(put(0, "a")).then(GET, at(5));
        assertLinearizable();

        plot.then(GET, found(6, "a"));
        assertViolation();
    }

    private void assertLinearizable() {
        assertThat(check()).returns(Verdict.LINEARIZABLE, Report::verdict);
    }

    private void assertViolation() {
        assertThat(check()).returns(Verdict.VIOLATION, Report::verdict);
    }

    private Report check() {
        return new Linearizability<>(new VersionedRegister(), Limits.DEFAULT).check(plot.history());
    }

    private static Input put(long expected, String value) {
        return new Input.Put(expected, value);
    }

    private static Input delete(long expected) {
        return new Input.Delete(expected);
    }

    private static Output swapped(long version) {
        return new Output.Swapped(version);
    }

    private static Output found(long version, String value) {
        return new Output.Found(version, value);
    }

    private static Output at(long version) {
        return new Output.At(version);
    }

    private static Output conflict(long version, String value) {
        return new Output.Conflict(version, Optional.of(value));
    }
}
