package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.spi.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
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

    /** Iterates over pages that are as large as asked, and of which there is always a next one. */
    private List<Integer> asked(long limit) {
        List<Integer> asked = new ArrayList<>();
        Iterator<Integer> found =
                new Scan.Lazy<>(
                        (range, most) -> {
                            asked.add(most);
                            return new Page<>(Collections.nCopies(most, 0), KEY);
                        },
                        KeyRange.ALL,
                        limit);
        int count = 0;
        for (; found.hasNext(); found.next()) {
            count++;
        }
        assertThat(count).isEqualTo(limit);
        return asked;
    }

    @Test
    void asksForNoMoreThanIsWanted() {
        assertThat(asked(0)).containsExactly(0);
        assertThat(asked(1)).containsExactly(1);
        assertThat(asked(1_000)).containsExactly(1_000);
        assertThat(asked(2_500)).containsExactly(1_000, 1_000, 500);
    }

    @Test
    void readsNoPageBeforeItsFirstEntryIsAskedFor() {
        Iterator<Integer> entries =
                new Scan.Lazy<>((range, most) -> nextPage(), KeyRange.ALL, Long.MAX_VALUE);

        assertThat(entries.next()).isEqualTo(1);
        assertThat(pages).isEqualTo(1);
    }
}
