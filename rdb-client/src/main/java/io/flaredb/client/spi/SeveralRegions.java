package io.flaredb.client.spi;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.Resolution;
import io.flaredb.client.retry.RetryLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Operations whose keys lie in several regions. */
public final class SeveralRegions {
    private SeveralRegions() {}

    /**
     * What is written in one region, all or none.
     *
     * @param write already under way
     */
    public record Part(List<Bytes> keys, CompletableFuture<Void> write) {}

    /** Done when all parts are; if it fails, says what is known of the whole. */
    public static CompletableFuture<Void> all(List<Part> parts) {
        return CompletableFuture.allOf(
                        parts.stream().map(Part::write).toArray(CompletableFuture<?>[]::new))
                .exceptionally(error -> {
                    throw wholeFailure(parts, RetryLoop.unwrap(error));
                });
    }

    private static RuntimeException wholeFailure(List<Part> parts, Throwable failure) {
        long written =
                parts.stream().filter(part -> !part.write().isCompletedExceptionally()).count();
        if (written > 0) {
            return new OutcomeUnknownException(
                    "the batch was written in part, in "
                            + written
                            + " of "
                            + parts.size()
                            + " regions: "
                            + failure.getMessage(),
                    failure,
                    () -> resolve(parts));
        }
        // All failed; if one may have been written nonetheless, that is what the caller must know.
        for (Part part : parts) {
            Throwable cause = RetryLoop.failureOf(part.write());
            if (cause instanceof OutcomeUnknownException) {
                return new OutcomeUnknownException(
                        String.valueOf(cause.getMessage()), cause, () -> resolve(parts));
            }
        }
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure);
    }

    private static CompletableFuture<Resolution> resolve(List<Part> parts) {
        List<CompletableFuture<Resolution>> fates =
                parts.stream()
                        .map(part -> Fates.of(part.write(), done -> new Resolution.Written()))
                        .toList();
        return CompletableFuture.allOf(fates.toArray(CompletableFuture<?>[]::new))
                .handle((done, error) -> {
                    if (error == null) {
                        return CompletableFuture.completedFuture(sum(parts, fates));
                    }
                    Throwable cause = RetryLoop.unwrap(error);
                    return CompletableFuture.<Resolution>failedFuture(
                            new OutcomeUnknownException(
                                    String.valueOf(cause.getMessage()),
                                    cause,
                                    () -> resolve(parts)));
                })
                .thenCompose(Function.identity());
    }

    private static Resolution sum(List<Part> parts, List<CompletableFuture<Resolution>> fates) {
        List<Bytes> written = new ArrayList<>();
        List<Bytes> notDone = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Resolution fate = fates.get(i).join();
            if (fate instanceof Resolution.WrittenInPart inPart) { // it was split once more
                written.addAll(inPart.written());
                notDone.addAll(inPart.notDone());
            } else {
                List<Bytes> keys = parts.get(i).keys();
                (fate instanceof Resolution.NotDone ? notDone : written).addAll(keys);
            }
        }
        if (notDone.isEmpty()) {
            return new Resolution.Written();
        }
        return written.isEmpty()
                ? new Resolution.NotDone()
                : new Resolution.WrittenInPart(written, notDone);
    }

    /** What a batch that must lie in one region is refused with. */
    public static InvalidRequestException refused(
            Bytes key, long regionId, Bytes otherKey, long otherRegionId) {
        return new InvalidRequestException(
                "batch has keys of several regions: key "
                        + key
                        + " is in region "
                        + Long.toUnsignedString(regionId)
                        + ", key "
                        + otherKey
                        + " in region "
                        + Long.toUnsignedString(otherRegionId)
                        + ": allowed are keys of one region");
    }
}
