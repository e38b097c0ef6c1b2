package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.Operation;
import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.torture.Problems.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RawAuditTest {
    private final List<Operation<Input, Output>> history = new ArrayList<>();
    private final Problems problems = new Problems();

    @Test
    void findsNothingWrongWithTheLastWrite() {
        put("a", 1, 2);
        put("b", 3, 4);
        endsWith(Optional.of("b"));

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void findsNothingWrongWithEitherOfTwoAtOnce() {
        put("a", 1, 4);
        put("b", 2, 3);
        endsWith(Optional.of("a"));

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void findsAWriteThatIsGone() {
        put("a", 1, 2);
        put("b", 3, 4);
        endsWith(Optional.of("a"));

        assertThat(problems.count(Kind.LOST)).isEqualTo(1);
    }

    @Test
    void findsAKeyThatIsGone() {
        put("a", 1, 2);
        endsWith(Optional.empty());

        assertThat(problems.count(Kind.LOST)).isEqualTo(1);
    }

    @Test
    void takesAnOperationOfUnknownOutcomeForAReason() {
        put("a", 1, 2);
        history.add(Operation.unknown(1, "key", 0, new Input.Delete()));
        endsWith(Optional.empty());

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void findsNothingWrongWithAKeyThatNobodyWrote() {
        endsWith(Optional.empty());

        assertThat(problems.all()).isEmpty();
    }

    private void put(String value, long calledAt, long returnedAt) {
        history.add(
                Operation.returned(
                        1, "key", calledAt, returnedAt, new Input.Put(value), new Output.Done()));
    }

    private void endsWith(Optional<String> value) {
        history.add(
                Operation.returned(
                        Workload.READER_AT_THE_END,
                        "key",
                        1_000,
                        1_001,
                        new Input.Get(),
                        new Output.Found(value)));
        RawAudit.check("key", history, problems);
    }
}
