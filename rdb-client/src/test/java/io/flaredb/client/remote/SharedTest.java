package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.client.retry.RetryLoop;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final Shared<String> shared = new Shared<>();

    @Test
    void goesOnAfterAnError() {
        CompletableFuture<String> failed =
                shared.join(() -> {
                    throw new StackOverflowError();
                });

        assertThat(RetryLoop.failureOf(failed)).isInstanceOf(StackOverflowError.class);
        assertThat(shared.join(() -> CompletableFuture.completedFuture("done")))
                .isCompletedWithValue("done");
    }
}
