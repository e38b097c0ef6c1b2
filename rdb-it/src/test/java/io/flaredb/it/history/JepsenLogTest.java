package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.it.history.EtcdRegister.Input;
import io.flaredb.it.history.EtcdRegister.Output;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JepsenLogTest {
    private static final Operation<Input, Output> READ_OF_NIL =
            Operation.returned(
                    0, "etcd", 1, 2, new Input.Read(), new Output.Found(Optional.empty()));

    @Test
    void readsLinesWithAndWithoutWhatALoggerPutsBeforeThem() {
        assertThat(parse("0\t:invoke\t:read\tnil", "0\t:ok\t:read\tnil"))
                .containsExactly(READ_OF_NIL);
        assertThat(
                        parse(
                                "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
                                "INFO  jepsen.util - 0\t:ok\t:read\tnil"))
                .containsExactly(READ_OF_NIL);
    }

    @Test
    void skipsEmptyLinesAndTheNemesis() {
        assertThat(
                        parse(
                                "",
                                ":nemesis\t:info\t:start\tnil",
                                "0 :invoke :read nil",
                                "INFO  jepsen.util - :nemesis\t:info\t:stop\tnil",
                                "0 :ok :read 3"))
                .containsExactly(
                        Operation.returned(
                                0,
                                "etcd",
                                3,
                                5,
                                new Input.Read(),
                                new Output.Found(Optional.of(3))));
    }

    @Test
    void dropsReadsAndWritesThatFailed() {
        assertThat(parse("0 :invoke :read nil", "0 :fail :read :timed-out")).isEmpty();
        assertThat(parse("0 :invoke :write 3", "0 :fail :write 3")).isEmpty();
    }

    @Test
    void takesASwapThatFailedForOneThatMetAnotherValue() {
        assertThat(parse("0 :invoke :cas [1 2]", "0 :fail :cas [1 2]"))
                .containsExactly(
                        Operation.returned(
                                0, "etcd", 1, 2, new Input.Swap(1, 2), new Output.Refused()));
    }

    @Test
    void leavesOpenWhatTimedOutOrWasCutOffByTheEnd() {
        assertThat(parse("0 :invoke :write 3", "0 :info :write :timed-out"))
                .containsExactly(Operation.unknown(0, "etcd", 1, new Input.Write(3)));
        assertThat(parse("0 :invoke :cas [1 2]"))
                .containsExactly(Operation.unknown(0, "etcd", 1, new Input.Swap(1, 2)));
    }

    @Test
    void namesTheLineThatMakesNoSense() {
        refuses("line 1", "hello");
        refuses("line 1", "0 :invoke :cas 3");
        refuses("line 1", "0 :invoke :write nil");
        refuses("line 2", "0 :invoke :read nil", "0 :invoke :read nil");
        refuses("line 2", "0 :invoke :read nil", "1 :ok :read nil");
        refuses("line 2", "0 :invoke :read nil", "0 :ok :write 3");
        refuses("line 2", "0 :invoke :write 3", "0 :ok :write 4");
        refuses("line 2", "0 :invoke :cas [1 2]", "0 :fail :cas [1 3]");
        refuses("line 2", "0 :invoke :write 3", "0 :ok :write :timed-out");
    }

    private static void refuses(String message, String... lines) {
        assertThatThrownBy(() -> parse(lines))
                .as(String.join(", ", lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static List<Operation<Input, Output>> parse(String... lines) {
        return JepsenLog.parse(List.of(lines));
    }
}
