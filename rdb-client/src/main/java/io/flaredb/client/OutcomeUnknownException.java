package io.flaredb.client;

import io.flaredb.client.retry.RetryLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A write may have been sent, and its fate is not known: it may have happened, or may still happen.
 * The client has repeated it under the same number until its deadline, so that it happens at most
 * once; only then, or when nobody remembers the number any more, is this thrown. {@link #resolve}
 * finds out.
 *
 * <p>Of a raw batch over several regions this also says that part of it was written and part not.
 *
 * <p>Where nobody can be asked, {@link #resolve} throws anew: of a change of a region's members or
 * leader, and of an embedded store whose disk has failed, where the folder is to be opened again
 * and the key to be read.
 */
public final class OutcomeUnknownException extends FlareDbException {
    private static final long serialVersionUID = 1;

    /** Null: there is nobody to ask. */
    private final transient @Nullable Supplier<CompletableFuture<Resolution>> resolver;

    /** What {@link #resolveAsync} completes on; null: whichever thread has the answer. */
    private transient volatile @Nullable Executor executor;

    public OutcomeUnknownException(String message) {
        this(message, null);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * @param resolver asks what became of the write, each time it is called anew; its futures fail
     *     with this exception only. Null: nobody can be asked.
     */
    public OutcomeUnknownException(
            String message,
            @Nullable Throwable cause,
            @Nullable Supplier<CompletableFuture<Resolution>> resolver) {
        super(message, cause);
        this.resolver = resolver;
    }

    /**
     * Asks what became of the write, and settles it: if it has not happened by now it never will,
     * although requests may still be under way. Asks again where there is no answer, for as long as
     * the client's timeout, and blocks meanwhile. May be repeated, also after it has thrown; once
     * there is an answer it stays.
     *
     * <p>A batch over several regions is settled in each of them, see {@link
     * Resolution.WrittenInPart}. Of an update this is about its last swap. After an interrupt the
     * write goes on by itself, and this waits for it.
     *
     * <p>Regions remember a write as long as its client has not got the answer, unless it is old:
     * if they have forgotten it this throws, and says so.
     *
     * @throws OutcomeUnknownException if it could not be found out
     */
    public Resolution resolve() {
        try {
            return asked().get();
        } catch (ExecutionException e) {
            throw Blocking.here(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw anew("interrupted while finding out what became of a write: " + getMessage());
        }
    }

    /**
     * As {@link #resolve} without blocking: the future fails where that throws. It completes on the
     * executor of {@link FlareDbOptions}.
     */
    public CompletableFuture<Resolution> resolveAsync() {
        Executor handOver = executor;
        return handOver == null ? asked() : handedOver(asked(), handOver);
    }

    private static <T> CompletableFuture<T> handedOver(
            CompletableFuture<T> running, Executor executor) {
        CompletableFuture<T> result = new CompletableFuture<>();
        running.whenComplete((answer, error) -> {
            Runnable end =
                    () -> {
                        if (error == null) {
                            result.complete(answer);
                        } else {
                            result.completeExceptionally(RetryLoop.unwrap(error));
                        }
                    };
            try {
                executor.execute(end);
            } catch (RuntimeException | Error notTaken) { // it is shut down, or has no thread left
                end.run(); // better on the wrong thread than never
            }
        });
        return result;
    }

    /** As {@link #resolveAsync}, on whichever thread has the answer: nothing there may block. */
    CompletableFuture<Resolution> asked() {
        CompletableFuture<Resolution> asked =
                resolver == null
                        ? CompletableFuture.failedFuture(
                                new OutcomeUnknownException(
                                        "there is nobody to ask what became of it: " + getMessage(),
                                        this))
                        : resolver.get();
        Executor handOver = executor;
        return handOver == null
                ? asked
                : asked.whenComplete((answer, error) -> passOn(handOver, error));
    }

    /**
     * What the answer fails with was made where nobody knows the executor, and can be asked too.
     */
    private static void passOn(Executor handOver, @Nullable Throwable error) {
        if (error != null
                && RetryLoop.unwrap(error) instanceof OutcomeUnknownException stillUnknown) {
            stillUnknown.completesOn(handOver);
        }
    }

    /** To be called before anyone else has this. */
    void completesOn(Executor handOver) {
        executor = handOver;
    }

    @Override
    OutcomeUnknownException seenFromHere() {
        return anew(getMessage());
    }

    private OutcomeUnknownException anew(String message) {
        OutcomeUnknownException anew = new OutcomeUnknownException(message, this, resolver);
        anew.executor = executor;
        return anew;
    }
}
