package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.history.Report.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Random histories of registers that are right, and the same with one wrong answer. To replay a
 * failure, run it with {@code -Dflaredb.it.seed=} and the printed seed.
 */
class RandomHistoriesTest {
    private static final int TINY_HISTORIES = 1_500;
    private static final int LONG_HISTORIES = 40;
    private static final long HIGHEST_VERSION = 6; // small, so that wrong versions are often near

    private final long seed = Long.getLong("flaredb.it.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /**
     * A kind of register with all that the tests need of it.
     *
     * @param judge the register that tells right from wrong, by brute force
     */
    private record Kind<M, S, I, O>(
            Model<M, I, O> model,
            Register<S, I, O> register,
            Register<?, I, O> judge,
            Function<S, I> inputs,
            BiFunction<Random, O, O> change) {
        List<Operation<I, O>> record(Random random, int unknownPercent, int clients, int length) {
            return new Interleaving<>(register, inputs, random, unknownPercent)
                    .record(clients, length);
        }

        Verdict verdict(List<Operation<I, O>> history) {
            return new Linearizability<>(model, Limits.DEFAULT).check(history).verdict();
        }
    }

    private Kind<?, ?, ?, ?> versioned() {
        return new Kind<>(
                new VersionedRegister(),
                new PlainVersionedRegister(HIGHEST_VERSION),
                new PlainVersionedRegister(2 * HIGHEST_VERSION), // swaps get beyond the highest
                this::versionedInput,
                RandomHistoriesTest::changeVersioned);
    }

    private Kind<?, ?, ?, ?> raw() {
        return new Kind<>(
                new RawRegister(),
                new PlainRawRegister(),
                new PlainRawRegister(),
                unused -> rawInput(),
                RandomHistoriesTest::changeRaw);
    }

    @Test
    void agreesWithBruteForceOnTinyVersionedHistories() {
        agreesWithBruteForce(versioned());
    }

    @Test
    void agreesWithBruteForceOnTinyRawHistories() {
        agreesWithBruteForce(raw());
    }

    private <M, S, I, O> void agreesWithBruteForce(Kind<M, S, I, O> kind) {
        System.out.println("seed " + seed);
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        for (int i = 0; i < TINY_HISTORIES; i++) {
            List<Operation<I, O>> right =
                    kind.record(random, 10 + i % 30, 3, 3 + random.nextInt(4));
            assertThat(kind.verdict(right))
                    .as("seed %d, history %d: %s", seed, i, right)
                    .isEqualTo(Verdict.LINEARIZABLE);

            List<Operation<I, O>> changed = withOneAnswerChanged(right, kind.change());
            Verdict verdict = kind.verdict(changed);
            assertThat(verdict)
                    .as("seed %d, changed history %d: %s", seed, i, changed)
                    .isEqualTo(
                            BruteForce.isLinearizable(kind.judge(), changed)
                                    ? Verdict.LINEARIZABLE
                                    : Verdict.VIOLATION);
            counts.merge(verdict, 1, Integer::sum);
        }
        assertThat(counts)
                .as("seed %d", seed)
                .containsOnlyKeys(Verdict.LINEARIZABLE, Verdict.VIOLATION);
    }

    private <I, O> List<Operation<I, O>> withOneAnswerChanged(
            List<Operation<I, O>> history, BiFunction<Random, O, O> change) {
        int from = random.nextInt(history.size());
        List<Operation<I, O>> changed = new ArrayList<>(history);
        for (int i = 0; i < changed.size(); i++) {
            int index = (from + i) % changed.size();
            Operation<I, O> operation = changed.get(index);
            Optional<O> other = operation.output().map(output -> change.apply(random, output));
            if (!other.equals(operation.output())) {
                changed.set(
                        index,
                        new Operation<>(
                                operation.client(),
                                operation.key(),
                                operation.calledAt(),
                                operation.returnedAt(),
                                operation.input(),
                                other));
                break;
            }
        }
        return changed;
    }

    @Test
    void findsNothingWrongWithLongVersionedHistories() {
        findsNothingWrongWithLongHistories(versioned());
    }

    @Test
    void findsNothingWrongWithLongRawHistories() {
        findsNothingWrongWithLongHistories(raw());
    }

    private void findsNothingWrongWithLongHistories(Kind<?, ?, ?, ?> kind) {
        System.out.println("seed " + seed);
        for (int i = 0; i < LONG_HISTORIES; i++) {
            assertLinearizable(kind, i % 2 == 0 ? 2 : 10, 8, 400);
        }
    }

    /** Where much is unknown the search goes wrong ways first, and must come back from them. */
    @Test
    void findsNothingWrongWithHistoriesOfMuchUnknown() {
        System.out.println("seed " + seed);
        for (int i = 0; i < TINY_HISTORIES; i++) {
            Kind<?, ?, ?, ?> kind = i % 2 == 0 ? versioned() : raw();
            assertLinearizable(kind, 20 + i % 30, 5, 30);
        }
    }

    private <M, S, I, O> void assertLinearizable(
            Kind<M, S, I, O> kind, int unknownPercent, int clients, int length) {
        List<Operation<I, O>> history = kind.record(random, unknownPercent, clients, length);
        assertThat(kind.verdict(history))
                .as("seed %d: %s", seed, history)
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    private VersionedRegister.Input versionedInput(PlainVersionedRegister.Key key) {
        long expected = random.nextInt(4) > 0 ? key.version() : random.nextLong(HIGHEST_VERSION);
        return switch (random.nextInt(8)) {
            case 0, 1 -> new VersionedRegister.Input.Get();
            case 2, 3 -> new VersionedRegister.Input.Delete(expected);
            default -> new VersionedRegister.Input.Put(expected, value(random));
        };
    }

    private RawRegister.Input rawInput() {
        return switch (random.nextInt(8)) {
            case 0 -> new RawRegister.Input.Delete();
            case 1, 2, 3, 4 -> new RawRegister.Input.Put(value(random));
            default -> new RawRegister.Input.Get();
        };
    }

    /** Few values, so that reads can often be explained in several ways. */
    private static String value(Random random) {
        return String.valueOf((char) ('a' + random.nextInt(3)));
    }

    private static VersionedRegister.Output changeVersioned(
            Random random, VersionedRegister.Output output) {
        long version = 1 + random.nextLong(HIGHEST_VERSION);
        return switch (output) {
            case VersionedRegister.Output.Found found ->
                    random.nextBoolean()
                            ? new VersionedRegister.Output.Found(version, found.value())
                            : new VersionedRegister.Output.Found(found.version(), value(random));
            case VersionedRegister.Output.Absent absent ->
                    new VersionedRegister.Output.Found(version, value(random));
            case VersionedRegister.Output.Swapped swapped ->
                    random.nextBoolean()
                            ? new VersionedRegister.Output.Swapped(version)
                            : new VersionedRegister.Output.Conflict(
                                    version, Optional.of(value(random)));
            case VersionedRegister.Output.Conflict conflict ->
                    random.nextBoolean()
                            ? new VersionedRegister.Output.Conflict(0, Optional.empty())
                            : new VersionedRegister.Output.Conflict(
                                    version, Optional.of(value(random)));
            case VersionedRegister.Output.At at ->
                    new VersionedRegister.Output.At(random.nextLong(HIGHEST_VERSION));
        };
    }

    private static RawRegister.Output changeRaw(Random random, RawRegister.Output output) {
        return switch (output) {
            case RawRegister.Output.Done done -> done;
            case RawRegister.Output.Found found ->
                    new RawRegister.Output.Found(
                            random.nextInt(4) == 0 ? Optional.empty() : Optional.of(value(random)));
        };
    }
}
