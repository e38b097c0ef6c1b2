package io.flaredb.client;

import io.flaredb.client.spi.Fates;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Waits for futures on behalf of the blocking views. */
final class Blocking {
    private Blocking() {}

    /**
     * Waits for the answer of something that changes nothing. An interrupt ends it even if there is
     * nothing to wait for, as in an embedded store: else a thread that only reads would not notice.
     */
    static <T extends @Nullable Object> T read(CompletableFuture<T> running) {
        try {
            T answer = running.get();
            if (Thread.currentThread().isInterrupted()) {
                throw interruptedRead();
            }
            return answer;
        } catch (ExecutionException e) {
            throw here(e);
        } catch (InterruptedException e) {
            throw interruptedRead();
        }
    }

    /** Waits for the end of a change that is not a write of keys. */
    static <T extends @Nullable Object> T change(CompletableFuture<T> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw here(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException(
                    "interrupted while waiting for the answer: the change may have happened, or"
                            + " may still happen");
        }
    }

    /**
     * Waits for the answer of a write.
     *
     * @param done what the answer means, for one who comes back after an interrupt
     * @param handOver what such a one's {@link OutcomeUnknownException#resolveAsync} completes on
     */
    static <T extends @Nullable Object> T write(
            CompletableFuture<T> running, Function<? super T, Resolution> done, Executor handOver) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw here(e);
        } catch (InterruptedException e) {
            throw interruptedWrite(running, done, handOver);
        }
    }

    private static UnavailableException interruptedRead() {
        Thread.currentThread().interrupt();
        return new UnavailableException("interrupted while waiting for the answer");
    }

    static <T extends @Nullable Object> OutcomeUnknownException interruptedWrite(
            CompletableFuture<T> running, Function<? super T, Resolution> done, Executor handOver) {
        Thread.currentThread().interrupt();
        OutcomeUnknownException interrupted =
                new OutcomeUnknownException(
                        "interrupted while waiting for the answer: the write may have happened, or"
                                + " may still happen",
                        null,
                        () -> Fates.of(running, done, OutcomeUnknownException::asked));
        interrupted.completesOn(handOver);
        return interrupted;
    }

    /** What a blocking method throws for a future that has failed. */
    static RuntimeException here(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof FlareDbException failure) {
            return failure.seenFromHere();
        }
        if (cause instanceof RuntimeException other) { // thrown by the function of an update
            return other;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }
}
