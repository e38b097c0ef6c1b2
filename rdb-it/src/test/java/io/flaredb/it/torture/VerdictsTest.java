package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.HistoryFile;
import io.flaredb.it.history.Limits;
import io.flaredb.it.history.Operation;
import io.flaredb.it.history.RawRegister;
import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.torture.TortureReport.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictsTest {
    /** Enough for the checker to look at the clock. */
    private static final int MANY = 5_000;

    private static final Limits NO_TIME = new Limits(Duration.ZERO, 1 << 30);

    private final Problems problems = new Problems();

    @TempDir Path folder;

    @Test
    void looksOnceMoreAtAKeyThatTookTooLong() throws IOException {
        Verdicts verdicts = check(rightHistory(), Limits.DEFAULT);

        assertThat(verdicts.undecided()).isEmpty();
        assertThat(outcome(verdicts)).isEqualTo(Outcome.HOLDS);
    }

    @Test
    void findsAViolationAtTheSecondLook() throws IOException {
        List<Operation<Input, Output>> history = rightHistory();
        history.add(read(MANY, "never written"));

        assertThat(outcome(check(history, Limits.DEFAULT))).isEqualTo(Outcome.BROKEN);
        assertThat(problems.count(Problems.Kind.VIOLATION)).isEqualTo(1);
    }

    @Test
    void oneKeyThatStaysUndecidedIsNoPass() throws IOException {
        Verdicts verdicts = check(rightHistory(), NO_TIME);

        assertThat(verdicts.undecided()).containsExactly("k");
        Verdicts amongMany = new Verdicts(1_000, MANY, verdicts.undecided());
        assertThat(outcome(amongMany)).isEqualTo(Outcome.UNDECIDED);
    }

    private Verdicts check(List<Operation<Input, Output>> history, Limits again)
            throws IOException {
        return Verdicts.check(
                new RawRegister(),
                HistoryFile.raw(),
                history,
                (key, operations, unused) -> {},
                NO_TIME,
                again,
                problems,
                folder);
    }

    private static List<Operation<Input, Output>> rightHistory() {
        List<Operation<Input, Output>> history = new ArrayList<>();
        history.add(Operation.returned(0, "k", 0, 1, new Input.Put("a"), new Output.Done()));
        for (int i = 1; i < MANY; i++) {
            history.add(read(i, "a"));
        }
        return history;
    }

    private static Operation<Input, Output> read(int number, String value) {
        return Operation.returned(
                0,
                "k",
                2L * number,
                2L * number + 1,
                new Input.Get(),
                new Output.Found(Optional.of(value)));
    }

    private Outcome outcome(Verdicts verdicts) {
        Tally tally = new Tally(1);
        TortureReport report =
                new TortureReport(
                        TortureOptions.parse(List.of()),
                        tally,
                        new TimeLine(tally),
                        problems,
                        verdicts,
                        0);
        assertThat(report.summary()).endsWith(" verdict=" + report.outcome());
        return report.outcome();
    }
}
