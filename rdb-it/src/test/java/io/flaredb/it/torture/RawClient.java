package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.RawKv;
import io.flaredb.client.Resolution;
import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.history.Recorder;
import io.flaredb.it.history.Recorder.Call;
import io.flaredb.it.torture.Attempt.Ended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One thread's operations on raw keys, and what it is told. */
final class RawClient {
    private final int number;
    private final RawKv raw;
    private final KeyRing keys;
    private final Recorder<Input, Output> recorder;
    private final Attempt attempt;
    private final RandomGenerator random;
    private int writes;

    /**
     * @param number of the thread, part of its values: none is written twice
     */
    RawClient(
            int number,
            RawKv raw,
            KeyRing keys,
            Recorder<Input, Output> recorder,
            Attempt attempt,
            RandomGenerator random) {
        this.number = number;
        this.raw = raw;
        this.keys = keys;
        this.recorder = recorder;
        this.attempt = attempt;
        this.random = random;
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 35) {
            get(keys.any(random));
        } else if (dice < 80) {
            put(keys.any(random));
        } else if (dice < 90) {
            delete(keys.any(random));
        } else {
            putAll(keys.anyOfOneRegion(random));
        }
    }

    /** Reads a key. */
    void get(TorturedKey key) {
        Call<Input, Output> call = recorder.call(number, key.name(), new Input.Get());
        Ended<Optional<Bytes>> ended =
                attempt.at(
                        Tally.Kind.RAW_GET,
                        List.of(key),
                        List.of(call),
                        () -> raw.get(key.bytes()),
                        read -> new Ended.Unknown<>());
        if (ended instanceof Ended.Answered<Optional<Bytes>>(var found)) {
            call.returned(new Output.Found(found.map(Bytes::utf8)));
        }
    }

    private void put(TorturedKey key) {
        String value = nextValue();
        write(
                Tally.Kind.RAW_PUT,
                List.of(key),
                List.of(recorder.call(number, key.name(), new Input.Put(value))),
                () -> raw.put(key.bytes(), Bytes.utf8(value)));
    }

    private void delete(TorturedKey key) {
        write(
                Tally.Kind.RAW_DELETE,
                List.of(key),
                List.of(recorder.call(number, key.name(), new Input.Delete())),
                () -> raw.delete(key.bytes()));
    }

    /** All at once; to the checker these are writes of single keys at the same time. */
    private void putAll(List<TorturedKey> together) {
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        List<Call<Input, Output>> calls =
                together.stream()
                        .map(key -> {
                            String value = nextValue();
                            entries.put(key.bytes(), Bytes.utf8(value));
                            return recorder.call(number, key.name(), new Input.Put(value));
                        })
                        .toList();
        write(Tally.Kind.RAW_BATCH, together, calls, () -> raw.batchPut(entries));
    }

    private String nextValue() {
        return "r" + number + "." + writes++;
    }

    private void write(
            Tally.Kind kind,
            List<TorturedKey> together,
            List<Call<Input, Output>> calls,
            Runnable operation) {
        Ended<Output.Done> ended =
                attempt.at(
                        kind,
                        together,
                        calls,
                        () -> {
                            operation.run();
                            return new Output.Done();
                        },
                        RawClient::settled);
        if (ended instanceof Ended.Answered<Output.Done>(var done)) {
            calls.forEach(call -> call.returned(done));
        }
    }

    /** Batches are of one region, so part of one is never written. */
    private static Ended<Output.Done> settled(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Written written -> new Ended.Answered<>(new Output.Done());
            case Resolution.NotDone notDone -> new Ended.NoEffect<>();
            case Resolution.WrittenInPart part -> throw notAskedFor(part);
            case Resolution.Swap swap -> throw notAskedFor(swap);
            case Resolution.Batch batch -> throw notAskedFor(batch);
        };
    }

    private static IllegalStateException notAskedFor(Resolution resolution) {
        return new IllegalStateException("a raw write came to " + resolution);
    }
}
