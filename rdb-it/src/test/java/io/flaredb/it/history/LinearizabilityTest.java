package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.history.Report.Undecided;
import io.flaredb.it.history.Report.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final Output DONE = new Output.Done();

    @Test
    void findsAnEmptyHistoryLinearizable() {
        assertThat(check(List.of(), Limits.DEFAULT))
                .isEqualTo(new Report(0, 0, List.of(), List.of()));
    }

    @Test
    void isUndecidedRatherThanFineWhenTimeEnds() {
        Report report = check(List.of(put("key", 1, 2, "a")), new Limits(Duration.ZERO, 1L << 20));

        assertThat(report.verdict()).isEqualTo(Verdict.UNDECIDED);
        assertThat(report.undecided())
                .containsExactly(new Undecided("key", Undecided.Reason.TIMEOUT));
    }

    @Test
    void isUndecidedRatherThanFineWhenMemoryEnds() {
        List<Operation<Input, Output>> history =
                IntStream.range(0, 100)
                        .mapToObj(i -> put("key", 2L * i, 2L * i + 1, "a" + i))
                        .toList();

        Report report = check(history, new Limits(Duration.ofMinutes(1), 4_000));

        assertThat(report.undecided())
                .containsExactly(new Undecided("key", Undecided.Reason.MEMORY));
        assertThat(check(history, Limits.DEFAULT).verdict()).isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void namesTheKeyThatIsWrongAndNoOther() {
        Report report =
                check(
                        List.of(
                                put("right", 1, 10, "a"),
                                get("right", 2, 9, "a"),
                                put("wrong", 3, 4, "b"),
                                get("wrong", 5, 6, "a")),
                        Limits.DEFAULT);

        assertThat(report.verdict()).isEqualTo(Verdict.VIOLATION);
        assertThat(report.violations()).extracting(Report.Violation::key).containsExactly("wrong");
        assertThat(report.keys()).isEqualTo(2);
        assertThat(report.operations()).isEqualTo(4);
    }

    @Test
    void explainsAViolationByTheShortestPrefixThatIsWrong() {
        List<Operation<Input, Output>> history = new ArrayList<>();
        history.add(put("key", 1, 2, "a"));
        history.add(put("key", 3, 4, "b"));
        history.add(put("key", 5, 12, "c")); // open while the wrong answer is given
        history.add(get("key", 7, 8, "a")); // wrong
        history.add(get("key", 9, 10, "never written")); // wrong as well, but later

        Report.Violation violation = check(history, Limits.DEFAULT).violations().getFirst();

        assertThat(violation.unplaced()).contains("at 7").contains("at 8");
        assertThat(violation.placed()).isEqualTo(3);
        assertThat(violation.lastPlaced().getFirst()).contains("at 1");
        assertThat(violation.states()).containsExactlyInAnyOrder("Optional[b]", "Optional[c]");
        assertThat(violation.toString()).contains("key key").contains("at 7");
    }

    /** Each value was written by two writes of unknown outcome, of which either may be meant. */
    @Test
    void decidesAWrongHistoryWithManyUnknownWrites() {
        Plot<Input, Output> plot = new Plot<>();
        for (int i = 0; i < 60; i++) {
            plot.unknown(new Input.Put("value" + i % 30));
        }
        for (int i = 0; i < 30; i++) {
            plot.then(new Input.Put("x"), DONE).then(new Input.Get(), found("value" + i));
        }
        assertThat(check(plot.history(), Limits.DEFAULT).verdict()).isEqualTo(Verdict.LINEARIZABLE);

        plot.then(new Input.Put("x"), DONE).then(new Input.Get(), found("value"));
        assertThat(check(plot.history(), Limits.DEFAULT).verdict()).isEqualTo(Verdict.VIOLATION);
    }

    private static Report check(List<Operation<Input, Output>> history, Limits limits) {
        return new Linearizability<>(new RawRegister(), limits).check(history);
    }

    private static Operation<Input, Output> put(
            String key, long calledAt, long returnedAt, String value) {
        return Operation.returned(0, key, calledAt, returnedAt, new Input.Put(value), DONE);
    }

    private static Operation<Input, Output> get(
            String key, long calledAt, long returnedAt, String value) {
        return Operation.returned(1, key, calledAt, returnedAt, new Input.Get(), found(value));
    }

    private static Output found(String value) {
        return new Output.Found(Optional.of(value));
    }
}
