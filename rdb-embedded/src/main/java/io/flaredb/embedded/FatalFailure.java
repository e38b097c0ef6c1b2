package io.flaredb.embedded;

import io.flaredb.client.CorruptionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an embedded store must not go on after. A server would end its process; here the process is
 * the caller's, so the store ends alone: every further operation fails. Thread-safe.
 */
final class FatalFailure implements Consumer<Throwable> {
    private static final Logger log = LoggerFactory.getLogger(FatalFailure.class);

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    @Override
    public void accept(Throwable failure) {
        if (first.compareAndSet(null, failure)) {
            log.error("the embedded store stops", failure);
        }
    }

    /**
     * @throws CorruptionException if there was one
     */
    void check() {
        Throwable failure = first.get();
        if (failure != null) {
            throw new CorruptionException(
                    "the embedded store has stopped: " + failure.getMessage(), failure);
        }
    }
}
