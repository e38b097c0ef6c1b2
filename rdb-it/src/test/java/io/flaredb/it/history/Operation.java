package io.flaredb.it.history;

import java.util.Optional;

/**
 * One operation of one client on one key, and the time in which it may have taken effect.
 *
 * @param client who called; only for the reader of a report
 * @param calledAt a time of the history's clock, at which no other event of the history happened
 * @param returnedAt as {@code calledAt}, and above it; {@link #NEVER} if the outcome is unknown
 * @param output what the client was told; empty: nothing, so the operation may take effect at any
 *     time after its call, or never
 */
public record Operation<I, O>(
        int client, String key, long calledAt, long returnedAt, I input, Optional<O> output) {
    /** The return of an operation that stays open for ever. */
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        if (returnedAt <= calledAt) {
            throw new IllegalArgumentException(
                    "called at " + calledAt + " and returned at " + returnedAt);
        }
        if (output.isEmpty() != (returnedAt == NEVER)) {
            throw new IllegalArgumentException(
                    "returned at " + returnedAt + " with output " + output);
        }
    }

    /** An operation whose client was told how it ended. */
    public static <I, O> Operation<I, O> returned(
            int client, String key, long calledAt, long returnedAt, I input, O output) {
        return new Operation<>(client, key, calledAt, returnedAt, input, Optional.of(output));
    }

    /** An operation whose client never learned how it ended. */
    public static <I, O> Operation<I, O> unknown(int client, String key, long calledAt, I input) {
        return new Operation<>(client, key, calledAt, NEVER, input, Optional.empty());
    }

    /** Whether nobody was told how this ended. */
    public boolean isUnknown() {
        return output.isEmpty();
    }

    @Override
    public String toString() {
        String ended =
                output.map(known -> " -> " + known + " at " + returnedAt).orElse(" -> unknown");
        return "client " + client + " at " + calledAt + ": " + input + ended;
    }
}
