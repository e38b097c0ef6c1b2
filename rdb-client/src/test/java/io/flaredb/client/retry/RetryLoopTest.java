package io.flaredb.client.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetryLoopTest {
    private final Timer timer = new Timer("test-timer");
    private final RetryLoop retry = new RetryLoop(timer);
    private final Deadline later = Deadline.after(Duration.ofSeconds(30));

    @AfterEach
    void close() {
        timer.close();
    }

    private static Supplier<CompletableFuture<String>> failing(RuntimeException... failures) {
        Queue<RuntimeException> left = new ArrayDeque<>(List.of(failures));
        return () -> {
            RuntimeException next = left.poll();
            return next == null
                    ? CompletableFuture.completedFuture("done")
                    : CompletableFuture.failedFuture(next);
        };
    }

    @Test
    void triesUntilItIsDone() {
        var attempt = failing(new RetryableException("a"), new RetryableException("b"));

        assertThat(retry.run(later, attempt).join()).isEqualTo("done");
    }

    @Test
    void stopsAtAFailureForGood() {
        var attempt = failing(new RetryableException("a"), new RefusedException("no"));

        assertThatThrownBy(retry.run(later, attempt)::join)
                .cause()
                .isInstanceOf(RefusedException.class)
                .hasMessage("no");
    }

    @Test
    void takesWhatAnAttemptThrowsForItsFailure() {
        Supplier<CompletableFuture<String>> attempt =
                () -> {
                    throw new RefusedException("no");
                };
        assertThatThrownBy(retry.run(later, attempt)::join)
                .cause()
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void doesNotBeginAPauseThatOutlastsTheDeadline() {
        long tooLong = TimeUnit.HOURS.toNanos(1);

        assertThatThrownBy(
                        retry.run(later, failing(new RetryableException("busy", tooLong, null)))
                                ::join)
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessage("busy (gave up after 30 s)");
    }

    @Test
    void tellsOfTheFailureBeforeTheOneThatTheDeadlineCutOff() {
        Deadline soon = Deadline.after(Duration.ofMillis(100));
        Supplier<CompletableFuture<String>> first = failing(new RetryableException("refused"));
        CompletableFuture<String> hanging = new CompletableFuture<>();
        timer.after(
                TimeUnit.MILLISECONDS.toNanos(150),
                () -> hanging.completeExceptionally(new RetryableException("no answer")));

        CompletableFuture<String> result =
                retry.run(
                        soon,
                        () -> {
                            CompletableFuture<String> begun = first.get();
                            return begun.isCompletedExceptionally() ? begun : hanging;
                        });

        assertThatThrownBy(result::join)
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessage("refused (gave up after 100 ms)");
    }

    @Test
    void triesNothingAgainOnceClosed() {
        retry.close();

        assertThatThrownBy(retry.run(later, failing(new RetryableException("a")))::join)
                .cause()
                .isInstanceOf(UnavailableException.class)
                .hasMessage("the client was closed before an answer came");
    }

    @Test
    void triesNothingAgainWhereClosingCutsThePauseShort() {
        AtomicInteger attempts = new AtomicInteger();
        CompletableFuture<String> result =
                retry.run(
                        later,
                        () -> {
                            attempts.incrementAndGet();
                            return CompletableFuture.failedFuture(longPause());
                        });

        retry.close();
        timer.close(); // which ends the pause

        assertThat(RetryLoop.failureOf(result))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("the client was closed before an answer came");
        assertThat(attempts).hasValue(1);
    }

    private static RetryableException longPause() {
        return new RetryableException("busy", TimeUnit.SECONDS.toNanos(20), null);
    }

    @Test
    void makesSomeAttemptsAtOnceAndPausesThen() {
        RetryableException hint = RetryableException.atOnce("elsewhere");
        var done = retry.run(later, failing(hint, hint, hint));
        assertThat(done).isCompletedWithValue("done");

        assertThat(retry.run(later, failing(hint, hint, hint, hint)).join()).isEqualTo("done");
    }
}
