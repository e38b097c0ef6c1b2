package io.flaredb.it.torture;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasKv;
import io.flaredb.client.CasOperation;
import io.flaredb.client.Resolution;
import io.flaredb.it.history.Recorder;
import io.flaredb.it.history.Recorder.Call;
import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import io.flaredb.it.torture.Attempt.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * One thread's batches of swaps, deletes and checks. To the checker these are operations on single
 * keys at the same time; a batch that meets a conflict tells versions but no values, so of that
 * only the versions are made use of, as the next to be expected.
 */
final class CasBatchClient {
    private final int number;
    private final CasKv cas;
    private final KeyRing keys;
    private final Recorder<Input, Output> recorder;
    private final Attempt attempt;
    private final RandomGenerator random;
    private int writes;

    /** One key's part. */
    private record Part(TorturedKey key, CasOperation operation, Call<Input, Output> call) {}

    CasBatchClient(
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
        List<TorturedKey> together = new ArrayList<>(keys.anyOfOneRegion(random));
        if (random.nextBoolean()) {
            together.removeLast();
        }
        List<Part> parts = together.stream().map(this::part).toList();
        Ended<CasBatchResult> ended =
                attempt.at(
                        Tally.Kind.CAS_BATCH,
                        together,
                        parts.stream().map(Part::call).toList(),
                        () -> cas.batch(parts.stream().map(Part::operation).toList()),
                        CasBatchClient::settled);
        if (ended instanceof Ended.Answered<CasBatchResult>(var result)) {
            judge(parts.stream().map(Part::operation).toList(), result);
            switch (result) {
                case CasBatchResult.Swapped(Map<Bytes, Long> versions) ->
                        parts.forEach(part -> swapped(part, version(versions, part)));
                case CasBatchResult.Conflict(Map<Bytes, Long> versions) ->
                        parts.forEach(part -> {
                            part.key().sawVersion(version(versions, part));
                            part.call().hadNoEffect();
                        });
            }
        }
    }

    /**
     * Looks at what a batch was told beyond what the histories of its keys will show.
     *
     * @throws IllegalStateException if that can't be: a conflict in which nothing differs, a check
     *     that passed at another version, a key that was deleted and has one
     */
    static void judge(List<CasOperation> operations, CasBatchResult result) {
        boolean possible =
                switch (result) {
                    case CasBatchResult.Swapped(Map<Bytes, Long> versions) ->
                            operations.stream()
                                    .allMatch(each ->
                                            switch (each) {
                                                case CasOperation.Swap swap -> true;
                                                case CasOperation.Delete delete ->
                                                        is(versions, each, 0);
                                                case CasOperation.Check check ->
                                                        is(versions, each, each.expectedVersion());
                                            });
                    case CasBatchResult.Conflict(Map<Bytes, Long> versions) ->
                            !operations.stream()
                                    .allMatch(each -> is(versions, each, each.expectedVersion()));
                };
        if (!possible) {
            throw new IllegalStateException(operations + " came to " + result);
        }
    }

    private static boolean is(Map<Bytes, Long> versions, CasOperation operation, long version) {
        return Long.valueOf(version).equals(versions.get(operation.key()));
    }

    private Part part(TorturedKey key) {
        long expected = key.guessedVersion(random);
        int dice = random.nextInt(10);
        if (dice < 7) {
            String value = "b" + number + "." + writes++;
            return new Part(
                    key,
                    CasOperation.swap(key.bytes(), expected, Bytes.utf8(value)),
                    recorder.call(number, key.name(), new Input.Put(expected, value)));
        }
        return dice < 8
                ? new Part(
                        key,
                        CasOperation.delete(key.bytes(), expected),
                        recorder.call(number, key.name(), new Input.Delete(expected)))
                : new Part(
                        key,
                        CasOperation.check(key.bytes(), expected),
                        recorder.call(number, key.name(), new Input.Get()));
    }

    private static void swapped(Part part, long version) {
        part.key().sawVersion(version);
        switch (part.operation()) {
            case CasOperation.Swap swap -> part.call().returned(new Output.Swapped(version));
            case CasOperation.Delete delete -> part.call().returned(new Output.Swapped(0));
            case CasOperation.Check check -> {
                if (version == 0) {
                    part.call().returned(new Output.Absent());
                } else {
                    part.call().hadNoEffect(); // it tells no value
                }
            }
        }
    }

    private static long version(Map<Bytes, Long> versions, Part part) {
        Long version = versions.get(part.key().bytes());
        if (version == null) {
            throw new IllegalStateException("no version of " + part.key().name() + " in an answer");
        }
        return version;
    }

    private static Ended<CasBatchResult> settled(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Batch(CasBatchResult result) -> new Ended.Answered<>(result);
            case Resolution.NotDone notDone -> new Ended.NoEffect<>();
            case Resolution.Written written -> throw notAskedFor(written);
            case Resolution.WrittenInPart part -> throw notAskedFor(part);
            case Resolution.Swap swap -> throw notAskedFor(swap);
        };
    }

    private static IllegalStateException notAskedFor(Resolution resolution) {
        return new IllegalStateException("a batch of swaps came to " + resolution);
    }
}
