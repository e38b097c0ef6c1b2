package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.history.Report.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Planted violations, each of which must be caught, and their harmless twins. */
class RawRegisterTest {
    private static final Input GET = new Input.Get();
    private static final Input DELETE = new Input.Delete();
    private static final Output DONE = new Output.Done();
    private static final Output ABSENT = new Output.Found(Optional.empty());

    private final Plot<Input, Output> plot = new Plot<>();

    @Test
    void catchesAStaleRead() {
        plot.then(put("a"), DONE).then(put("b"), DONE).then(GET, found("a"));

        assertViolation();
    }

    @Test
    void allowsAReadDuringAPutToSeeWhatWasBefore() {
        plot.then(put("a"), DONE);
        Plot<Input, Output>.Open put = plot.call(put("b"));
        plot.then(GET, found("a")).then(GET, found("b"));
        put.returns(DONE);

        assertLinearizable();
    }

    @Test
    void catchesALostPut() {
        plot.then(put("a"), DONE).then(GET, ABSENT);
        assertViolation();
    }

    @Test
    void catchesALostDelete() {
        plot.then(put("a"), DONE).then(DELETE, DONE).then(GET, found("a"));
        assertViolation();
    }

    @Test
    void allowsEitherOrderOfTwoPutsAtOnceButNotBoth() {
        Plot<Input, Output>.Open one = plot.call(put("a"));
        Plot<Input, Output>.Open other = plot.call(put("b"));
        one.returns(DONE);
        other.returns(DONE);
        plot.then(GET, found("a"));
        assertLinearizable();

        plot.then(GET, found("b"));
        assertViolation();
    }

    @Test
    void catchesAReadOfAValueThatNobodyWrote() {
        plot.then(put("a"), DONE).unknown(put("b")).then(GET, found("c"));

        assertViolation();
    }

    @Test
    void allowsAnUnknownPutToBeSeenLate() {
        plot.unknown(put("a")).then(put("b"), DONE).then(GET, found("b")).then(GET, found("a"));

        assertLinearizable();
    }

    @Test
    void allowsAnUnknownPutNeverToBeSeen() {
        plot.unknown(put("a")).unknown(DELETE).then(put("b"), DONE).then(GET, found("b"));

        assertLinearizable();
    }

    @Test
    void catchesAnUnknownPutThatIsSeenAndThenIsNot() {
        plot.then(put("b"), DONE).unknown(put("a")).then(GET, found("a")).then(GET, found("b"));

        assertViolation();
    }

    /** The search first spends the unknown put on the first read, and must come back from that. */
    @Test
    void allowsAnUnknownPutToBeKeptForALaterRead() {
        plot.unknown(put("a"));
        Plot<Input, Output>.Open one = plot.call(put("a"));
        Plot<Input, Output>.Open other = plot.call(put("b"));
        one.returns(DONE);
        other.returns(DONE);
        plot.then(GET, found("a")).then(put("b"), DONE).then(GET, found("b")).then(GET, found("a"));

        assertLinearizable();
    }

    @Test
    void catchesAnUnknownPutThatComesTwice() {
        plot.unknown(put("a")).then(GET, found("a")).then(put("b"), DONE).then(GET, found("a"));

        assertViolation();
    }

    @Test
    void catchesAnUnknownPutThatIsSeenBeforeItsCall() {
        plot.then(GET, found("a")).unknown(put("a"));

        assertViolation();
    }

    private void assertLinearizable() {
        assertThat(check()).returns(Verdict.LINEARIZABLE, Report::verdict);
    }

    private void assertViolation() {
        assertThat(check()).returns(Verdict.VIOLATION, Report::verdict);
    }

    private Report check() {
        return new Linearizability<>(new RawRegister(), Limits.DEFAULT).check(plot.history());
    }

    private static Input put(String value) {
        return new Input.Put(value);
    }

    private static Output found(String value) {
        return new Output.Found(Optional.of(value));
    }
}
