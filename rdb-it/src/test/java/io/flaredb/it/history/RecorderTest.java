package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.history.Report.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static final Output DONE = new Output.Done();

    @Test
    void recordsCallsAndReturnsInOneOrder() {
        Recorder<Input, Output> recorder = new Recorder<>(10);
        Recorder.Call<Input, Output> put = recorder.call(1, "a", new Input.Put("x"));
        Recorder.Call<Input, Output> get = recorder.call(2, "b", new Input.Get());
        get.returned(new Output.Found(Optional.empty()));
        put.returned(DONE);

        List<Operation<Input, Output>> history = recorder.history();

        assertThat(history).extracting(Operation::client).containsExactly(1, 2);
        assertThat(history).extracting(Operation::key).containsExactly("a", "b");
        Operation<Input, Output> first = history.get(0);
        Operation<Input, Output> second = history.get(1);
        assertThat(
                        LongStream.of(
                                first.calledAt(),
                                second.calledAt(),
                                second.returnedAt(),
                                first.returnedAt()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsACallThatNeverEndedOpen() {
        Recorder<Input, Output> recorder = new Recorder<>(10);
        recorder.call(1, "a", new Input.Put("x"));

        assertThat(recorder.history())
                .singleElement()
                .returns(true, Operation::isUnknown)
                .returns(Operation.NEVER, Operation::returnedAt);
    }

    @Test
    void dropsACallThatHadNoEffect() {
        Recorder<Input, Output> recorder = new Recorder<>(10);
        recorder.call(1, "a", new Input.Put("x")).hadNoEffect();

        assertThat(recorder.history()).isEmpty();
    }

    @Test
    void refusesToEndACallTwice() {
        Recorder.Call<Input, Output> call =
                new Recorder<Input, Output>(10).call(1, "a", new Input.Put("x"));
        call.returned(DONE);

        assertThatThrownBy(() -> call.returned(DONE)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(call::hadNoEffect).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesCallsOnceItIsFull() {
        Recorder<Input, Output> recorder = new Recorder<>(1);
        assertThat(recorder.isFull()).isFalse();
        recorder.call(1, "a", new Input.Get());

        assertThat(recorder.isFull()).isTrue();
        assertThatThrownBy(() -> recorder.call(1, "a", new Input.Get()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("full");
        assertThat(recorder.history()).hasSize(1);
    }

    @Test
    void recordsALinearizableHistoryOfThreadsThatShareARegister() throws Exception {
        int clients = 4;
        int operationsEach = 500;
        Recorder<Input, Output> recorder = new Recorder<>(1 + clients * operationsEach);
        AtomicReference<String> register = new AtomicReference<>("");
        recorder.call(0, "key", new Input.Put("")).returned(DONE);

        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            Stream<Runnable> work =
                    Stream.iterate(1, client -> client + 1)
                            .limit(clients)
                            .map(client -> () -> use(register, recorder, client, operationsEach));
            work.forEach(threads::execute);
        }

        assertThat(
                        recorder.history().stream()
                                .flatMapToLong(
                                        each -> LongStream.of(each.calledAt(), each.returnedAt())))
                .doesNotHaveDuplicates();
        Report report =
                new Linearizability<>(new RawRegister(), Limits.DEFAULT).check(recorder.history());
        assertThat(report.verdict()).as(report.toString()).isEqualTo(Verdict.LINEARIZABLE);
    }

    private static void use(
            AtomicReference<String> register,
            Recorder<Input, Output> recorder,
            int client,
            int operations) {
        for (int i = 0; i < operations; i++) {
            if (i % 2 == 0) {
                String value = client + "-" + i;
                var call = recorder.call(client, "key", new Input.Put(value));
                register.set(value);
                call.returned(DONE);
            } else {
                var call = recorder.call(client, "key", new Input.Get());
                call.returned(new Output.Found(Optional.of(register.get())));
            }
        }
    }
}
