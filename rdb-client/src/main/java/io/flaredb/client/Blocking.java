package io.flaredb.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for futures on behalf of the blocking views. */
final class Blocking {
    private Blocking() {}

    /** Waits for the answer of something that changes nothing. */
    static <T extends @Nullable Object> T read(CompletableFuture<T> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw here(e);
        } catch (InterruptedException e) {
            throw interruptedRead();
        }
    }

    /** Waits for the answer of a write. */
    static <T extends @Nullable Object> T write(CompletableFuture<T> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw here(e);
        } catch (InterruptedException e) {
            throw interruptedWrite();
        }
    }

    private static UnavailableException interruptedRead() {
        Thread.currentThread().interrupt();
        return new UnavailableException("interrupted while waiting for the answer");
    }

    static OutcomeUnknownException interruptedWrite() {
        Thread.currentThread().interrupt();
        return new OutcomeUnknownException(
                "interrupted while waiting for the answer: the write may have happened, or may"
                        + " still happen");
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
