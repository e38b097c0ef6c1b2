package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.spi.Page;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final int PAGES = 100_000;
    private static final Bytes KEY = Bytes.utf8("k");

    private final Deadline later = Deadline.after(Duration.ofSeconds(60));
    private int pages;

    /** Page after page of one entry, its number. */
    private Page<Integer> nextPage() {
        pages++;
        return new Page<>(List.of(pages), pages < PAGES ? KEY : null);
    }

    @Test
    void putsManyPagesTogetherThatAreThereAtOnce() {
        List<Integer> found =
                Scan.<Integer>all(
                                (range, limit, deadline) ->
                                        CompletableFuture.completedFuture(nextPage()),
                                KeyRange.ALL,
                                Integer.MAX_VALUE,
                                later)
                        .join();

        assertThat(found).hasSize(PAGES).isSorted();
    }

    @Test
    void stopsAtTheLimit() {
        List<Integer> found =
                Scan.<Integer>all(
                                (range, limit, deadline) ->
                                        CompletableFuture.supplyAsync(this::nextPage),
                                KeyRange.ALL,
                                3,
                                later)
                        .join();

        assertThat(found).containsExactly(1, 2, 3);
    }
}
