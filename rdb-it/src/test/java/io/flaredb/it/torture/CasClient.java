package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasKv;
import io.flaredb.client.CasResult;
import io.flaredb.client.Resolution;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.history.Recorder;
import io.flaredb.it.history.Recorder.Call;
import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import io.flaredb.it.torture.Attempt.Ended;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One thread's operations on versioned keys, and what it is told. */
final class CasClient {
    private final int number;
    private final CasKv cas;
    private final KeyRing keys;
    private final Recorder<Input, Output> recorder;
    private final Attempt attempt;
    private final RandomGenerator random;
    private final CasBatchClient batch;
    private int writes;

    /**
     * @param number of the thread, part of its values: none is written twice
     */
    CasClient(
            int number,
            CasKv cas,
            KeyRing keys,
            Recorder<Input, Output> recorder,
            Attempt attempt,
            RandomGenerator random) {
        this.number = number;
        this.cas = cas;
        this.keys = keys;
        this.recorder = recorder;
        this.attempt = attempt;
        this.random = random;
        this.batch = new CasBatchClient(number, cas, keys, recorder, attempt, random);
    }

    void step() {
        TorturedKey key = keys.any(random);
        int dice = random.nextInt(100);
        if (dice < 10) {
            batch.step();
        } else if (dice < 35) {
            get(key);
        } else if (dice < 85) {
            String value = "c" + number + "." + writes++;
            long expected = key.guessedVersion(random);
            write(
                    Tally.Kind.CAS_PUT,
                    key,
                    new Input.Put(expected, value),
                    () -> cas.put(key.bytes(), expected, Bytes.utf8(value)));
        } else {
            long expected = key.guessedVersion(random);
            write(
                    Tally.Kind.CAS_DELETE,
                    key,
                    new Input.Delete(expected),
                    () -> cas.delete(key.bytes(), expected));
        }
    }

    /** Reads a key. */
    void get(TorturedKey key) {
        Call<Input, Output> call = recorder.call(number, key.name(), new Input.Get());
        Ended<Optional<VersionedValue>> ended =
                attempt.at(
                        Tally.Kind.CAS_GET,
                        List.of(key),
                        List.of(call),
                        () -> cas.get(key.bytes()),
                        read -> new Ended.Unknown<>());
        if (ended instanceof Ended.Answered<Optional<VersionedValue>>(var found)) {
            key.sawVersion(found.map(VersionedValue::version).orElse(0L));
            call.returned(
                    found.<Output>map(it -> new Output.Found(it.version(), text(it.value())))
                            .orElseGet(Output.Absent::new));
        }
    }

    private void write(
            Tally.Kind kind, TorturedKey key, Input input, Supplier<CasResult> operation) {
        Call<Input, Output> call = recorder.call(number, key.name(), input);
        Ended<CasResult> ended =
                attempt.at(kind, List.of(key), List.of(call), operation, CasClient::settled);
        if (ended instanceof Ended.Answered<CasResult>(var result)) {
            switch (result) {
                case CasResult.Swapped(long version) -> {
                    key.sawVersion(version);
                    call.returned(new Output.Swapped(version));
                }
                case CasResult.Conflict(long version, Optional<Bytes> value) -> {
                    key.sawVersion(version);
                    call.returned(new Output.Conflict(version, value.map(CasClient::text)));
                }
            }
        }
    }

    /** A conflict is remembered without the value, so it tells too little to be checked. */
    private static Ended<CasResult> settled(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Swap(CasResult.Swapped swapped) -> new Ended.Answered<>(swapped);
            case Resolution.Swap(CasResult.Conflict conflict) -> new Ended.NoEffect<>();
            case Resolution.NotDone notDone -> new Ended.NoEffect<>();
            case Resolution.Written written -> throw notAskedFor(written);
            case Resolution.WrittenInPart part -> throw notAskedFor(part);
            case Resolution.Batch batch -> throw notAskedFor(batch);
        };
    }

    private static IllegalStateException notAskedFor(Resolution resolution) {
        return new IllegalStateException("a swap came to " + resolution);
    }

    private static String text(Bytes bytes) {
        return bytes.utf8();
    }
}
