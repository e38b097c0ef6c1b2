package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasKv;
import io.flaredb.client.CasResult;
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
    }

    void step() {
        TorturedKey key = keys.any(random);
        int dice = random.nextInt(100);
        if (dice < 30) {
            get(key);
        } else if (dice < 85) {
            String value = "c" + number + "." + writes++;
            long expected = expectedVersion(key);
            write(
                    Tally.Kind.CAS_PUT,
                    key,
                    new Input.Put(expected, value),
                    () -> cas.put(key.bytes(), expected, Bytes.utf8(value)));
        } else {
            long expected = expectedVersion(key);
            write(
                    Tally.Kind.CAS_DELETE,
                    key,
                    new Input.Delete(expected),
                    () -> cas.delete(key.bytes(), expected));
        }
    }

    /** Mostly right, sometimes outdated, sometimes a create. */
    private long expectedVersion(TorturedKey key) {
        long version = key.version();
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> Math.max(0, version - 1);
            default -> version;
        };
    }

    /** Reads a key. */
    void get(TorturedKey key) {
        Call<Input, Output> call = recorder.call(number, key.name(), new Input.Get());
        Ended<Optional<VersionedValue>> ended =
                attempt.at(
                        Tally.Kind.CAS_GET,
                        List.of(key),
                        List.of(call),
                        () -> cas.get(key.bytes()));
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
        Ended<CasResult> ended = attempt.at(kind, List.of(key), List.of(call), operation);
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

    private static String text(Bytes bytes) {
        return bytes.utf8();
    }
}
