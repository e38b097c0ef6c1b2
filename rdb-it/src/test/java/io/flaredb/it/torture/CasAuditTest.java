package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.Operation;
import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import io.flaredb.it.torture.Problems.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CasAuditTest {
    private final List<Operation<Input, Output>> history = new ArrayList<>();
    private final Problems problems = new Problems();

    @Test
    void findsNothingWrongWithARightHistory() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        then(new Input.Put(0, "b"), new Output.Conflict(1, Optional.of("a")));
        unknown(new Input.Delete(1));
        then(new Input.Put(0, "c"), new Output.Swapped(5));
        endsWith(new Output.Found(5, "c"));

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void findsAVersionThatStoodForTwoWrites() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        then(new Input.Delete(1), new Output.Swapped(0));
        then(new Input.Put(0, "b"), new Output.Swapped(1));
        endsWith(new Output.Found(1, "b"));

        assertThat(problems.count(Kind.REUSED_VERSION)).isPositive();
    }

    @Test
    void findsAWriteThatTookEffectTwice() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        then(new Input.Get(), new Output.Found(3, "a"));
        endsWith(new Output.Found(3, "a"));

        assertThat(problems.count(Kind.DOUBLED)).isPositive(); // each time it is seen
    }

    @Test
    void findsASwapThatIsGone() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        then(new Input.Put(1, "b"), new Output.Swapped(2));
        endsWith(new Output.Found(1, "a"));

        assertThat(problems.count(Kind.LOST)).isEqualTo(1);
    }

    @Test
    void findsAKeyThatIsGoneThoughNobodyDeletedIt() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        then(new Input.Delete(1), new Output.Swapped(0));
        then(new Input.Put(0, "b"), new Output.Swapped(4));
        endsWith(new Output.Absent());

        assertThat(problems.count(Kind.LOST)).isEqualTo(1);
    }

    @Test
    void takesADeleteOfUnknownOutcomeForAReason() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));
        unknown(new Input.Delete(1));
        endsWith(new Output.Absent());

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void saysThatAKeyCouldNotBeRead() {
        then(new Input.Put(0, "a"), new Output.Swapped(1));

        CasAudit.check("key", history, problems);

        assertThat(problems.count(Kind.NOT_RECOVERED)).isEqualTo(1);
    }

    private void then(Input input, Output output) {
        long at = 2L * history.size();
        history.add(Operation.returned(1, "key", at, at + 1, input, output));
    }

    private void unknown(Input input) {
        history.add(Operation.unknown(1, "key", 2L * history.size(), input));
    }

    private void endsWith(Output output) {
        long at = 2L * history.size();
        history.add(
                Operation.returned(
                        Workload.READER_AT_THE_END, "key", at, at + 1, new Input.Get(), output));
        CasAudit.check("key", history, problems);
    }
}
