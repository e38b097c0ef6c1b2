package io.flaredb.it.torture;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.Resolution;
import io.flaredb.client.UnavailableException;
import io.flaredb.it.history.Recorder.Call;
import io.flaredb.it.torture.Tally.End;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs operations and notes how they ended: an error is taken at its word, so that a client which
 * says "surely no effect" and is wrong is caught by the checker.
 */
final class Attempt {
    private final Tally tally;
    private final Problems problems;
    private final BooleanSupplier damage;

    /**
     * @param damage whether some server's data are damaged, so that operations may end with that
     */
    Attempt(Tally tally, Problems problems, BooleanSupplier damage) {
        this.tally = tally;
        this.problems = problems;
        this.damage = damage;
    }

    /** How an operation ended: with an answer, or without. */
    sealed interface Ended<A> {
        record Answered<A>(A answer) implements Ended<A> {}

        record NoEffect<A>() implements Ended<A> {}

        record Unknown<A>() implements Ended<A> {}
    }

    /**
     * Does an operation on keys of one region.
     *
     * <p>If its outcome stays unknown, the client is asked to find out.
     *
     * @param calls one for each key; those of an answered operation are left to the caller
     * @param settled what an operation would have answered that came to this
     */
    <A> Ended<A> at(
            Tally.Kind kind,
            List<TorturedKey> keys,
            List<? extends Call<?, ?>> calls,
            Supplier<A> operation,
            Function<Resolution, Ended<A>> settled) {
        keys.forEach(TorturedKey::called);
        int region = keys.getFirst().region();
        try {
            A answer = operation.get();
            tally.ended(kind, End.ACKNOWLEDGED, region);
            return new Ended.Answered<>(answer);
        } catch (FlareDbException e) {
            return switch (e) {
                case UnavailableException unavailable -> noEffect(kind, region, calls);
                case RefusedException refused -> noEffect(kind, region, calls);
                case OutcomeUnknownException unknown ->
                        resolve(unknown, kind, keys, calls, settled);
                case InvalidRequestException invalid -> {
                    problems.report(Problems.Kind.UNEXPECTED_ERROR, kind + " " + invalid);
                    yield noEffect(kind, region, calls);
                }
                case CorruptionException corruption -> failed(corruption, kind, keys);
            };
        } catch (RuntimeException e) {
            return failed(e, kind, keys);
        }
    }

    private <A> Ended<A> resolve(
            OutcomeUnknownException outcome,
            Tally.Kind kind,
            List<TorturedKey> keys,
            List<? extends Call<?, ?>> calls,
            Function<Resolution, Ended<A>> settled) {
        int region = keys.getFirst().region();
        try {
            Ended<A> ended = settled.apply(outcome.resolve());
            tally.resolved();
            return switch (ended) {
                case Ended.Answered<A> answered -> {
                    tally.ended(kind, End.ACKNOWLEDGED, region);
                    yield answered;
                }
                case Ended.NoEffect<A> none -> noEffect(kind, region, calls);
                case Ended.Unknown<A> unknown -> unknown(kind, keys);
            };
        } catch (OutcomeUnknownException e) {
            return unknown(kind, keys);
        } catch (RuntimeException e) {
            return failed(e, kind, keys);
        }
    }

    /** A problem, unless a fault explains it. */
    private <A> Ended<A> failed(RuntimeException e, Tally.Kind kind, List<TorturedKey> keys) {
        if (!(e instanceof CorruptionException) || !damage.getAsBoolean()) {
            problems.report(Problems.Kind.UNEXPECTED_ERROR, kind + " " + e);
        }
        return unknown(kind, keys);
    }

    private <A> Ended<A> noEffect(Tally.Kind kind, int region, List<? extends Call<?, ?>> calls) {
        calls.forEach(Call::hadNoEffect);
        tally.ended(kind, End.FAILED, region);
        return new Ended.NoEffect<>();
    }

    private <A> Ended<A> unknown(Tally.Kind kind, List<TorturedKey> keys) {
        keys.forEach(TorturedKey::leftUnknown);
        tally.ended(kind, End.UNKNOWN, keys.getFirst().region());
        return new Ended.Unknown<>();
    }
}
