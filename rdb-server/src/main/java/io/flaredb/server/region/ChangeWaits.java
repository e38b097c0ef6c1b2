package io.flaredb.server.region;

import io.flaredb.raft.GroupBusyException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How a change of a region waits for its Raft group, and what it says of a wait that failed. */
final class ChangeWaits {
    private ChangeWaits() {}

    /**
     * Waits for the group to end a change of members, as long as it takes: it takes no other one
     * meanwhile, and a new replica that copies must not be made anew. It ends, since a new replica
     * that does not answer is given up, and so is leadership without a majority.
     */
    static void end(RegionPeer region, CompletableFuture<Void> change) {
        try {
            change.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupBusyException busy) {
                throw RegionErrors.of(region, busy); // it has not begun
            }
            throw failed(region, e);
        } catch (InterruptedException e) {
            throw interrupted(region, e);
        }
    }

    /** Waits for {@code done}, and cancels it after {@code limit}. */
    static <T> T within(RegionPeer region, CompletableFuture<T> done, Duration limit) {
        try {
            return done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failed(region, e);
        } catch (TimeoutException e) {
            done.cancel(false);
            throw new ChangeFailedException(
                    "region %s: not done after %s".formatted(region.id(), limit), e);
        } catch (InterruptedException e) {
            throw interrupted(region, e);
        }
    }

    static RuntimeException failed(RegionPeer region, ExecutionException e) {
        Throwable failure = e.getCause() == null ? e : e.getCause();
        RuntimeException cause = RegionErrors.of(region, failure);
        return cause instanceof RegionException refused && refused.error().hasNotLeader()
                ? refused
                : new ChangeFailedException("region " + region.id() + ": " + text(failure), e);
    }

    static RuntimeException interrupted(RegionPeer region, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChangeFailedException("region " + region.id() + ": interrupted", e);
    }

    static String text(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
