package io.flaredb.server.region;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the group once for all reads that wait: while one question is under way the reads that come
 * gather for the next. A read never joins a question that was asked before it came, whose answer
 * may be older than the read. Thread-safe.
 */
final class ReadRounds {
    private final Supplier<CompletableFuture<Long>> question;

    @GuardedBy("this")
    private boolean asking;

    @GuardedBy("this")
    private @Nullable CompletableFuture<Long> gathering; // null: nobody waits for the next round

    /**
     * @param question never throws
     */
    ReadRounds(Supplier<CompletableFuture<Long>> question) {
        this.question = question;
    }

    /** The answer to a question that is asked now or later; shared with others. */
    CompletableFuture<Long> join() {
        CompletableFuture<Long> round;
        synchronized (this) {
            if (asking) {
                round = gathering;
                if (round == null) {
                    round = new CompletableFuture<>();
                    gathering = round;
                }
                return round;
            }
            asking = true;
            round = new CompletableFuture<>();
        }
        ask(round);
        return round;
    }

    private void ask(CompletableFuture<Long> round) {
        question.get()
                .whenComplete((index, failure) -> {
                    askForGathered(); // first: it is under way while these here read
                    if (failure == null) {
                        round.complete(index);
                    } else {
                        round.completeExceptionally(failure);
                    }
                });
    }

    private void askForGathered() {
        CompletableFuture<Long> next;
        synchronized (this) {
            next = gathering;
            gathering = null;
            asking = next != null;
        }
        if (next != null) {
            ask(next);
        }
    }
}
