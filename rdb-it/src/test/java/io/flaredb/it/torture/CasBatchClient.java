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
 * keys at the same time; one that meets a conflict tells each key's version but no value.
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
            parts.forEach(part -> {
                part.key().sawVersion(version(part.operation(), result));
                part.call().returned(told(part.operation(), result));
            });
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

    /** What a batch's answer tells of one key. */
    static Output told(CasOperation operation, CasBatchResult result) {
        long version = version(operation, result);
        return switch (result) {
            case CasBatchResult.Conflict conflict -> new Output.At(version);
            case CasBatchResult.Swapped swapped ->
                    operation instanceof CasOperation.Check
                            ? new Output.At(version)
                            : new Output.Swapped(version);
        };
    }

    private static long version(CasOperation operation, CasBatchResult result) {
        Map<Bytes, Long> versions =
                switch (result) {
                    case CasBatchResult.Swapped swapped -> swapped.versions();
                    case CasBatchResult.Conflict conflict -> conflict.currentVersions();
                };
        Long version = versions.get(operation.key());
        if (version == null) {
            throw new IllegalStateException("no version of " + operation.key() + " in an answer");
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
