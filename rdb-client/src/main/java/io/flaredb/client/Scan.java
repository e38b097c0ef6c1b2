package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.spi.Page;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Puts the pages of a scan together. */
final class Scan {
    /** Small enough that the first entry comes soon, large enough that calls do not matter. */
    private static final int LAZY_PAGE_ENTRIES = 1_000;

    private Scan() {}

    /** Reads one page: {@link io.flaredb.client.spi.Backend#rawScan} or its like. */
    @FunctionalInterface
    interface PageReader<E> {
        CompletableFuture<Page<E>> read(KeyRange range, int limit, Deadline deadline);
    }

    /** The first {@code limit} entries of a range. */
    static <E> CompletableFuture<List<E>> all(
            PageReader<E> reader, KeyRange range, int limit, Deadline deadline) {
        return from(new ArrayList<>(), reader, range, limit, deadline);
    }

    /**
     * A loop for as long as pages are there at once: they may be many, and the stack is not so
     * deep.
     *
     * @param start null: nothing is left
     */
    private static <E> CompletableFuture<List<E>> from(
            List<E> found,
            PageReader<E> reader,
            @Nullable KeyRange start,
            int limit,
            Deadline deadline) {
        KeyRange left = start;
        while (left != null && !left.isEmpty() && found.size() < limit) {
            KeyRange range = left;
            int missing = Math.min(limit - found.size(), SizeLimits.MAX_BATCH_ENTRIES);
            CompletableFuture<Page<E>> reading = reader.read(range, missing, deadline);
            if (!reading.isDone() || reading.isCompletedExceptionally()) {
                return reading.thenCompose(
                        page -> from(found, reader, taken(page, found, range), limit, deadline));
            }
            left = taken(reading.join(), found, range);
        }
        return CompletableFuture.completedFuture(Collections.unmodifiableList(found));
    }

    /** What is left of a range behind its first page. */
    private static <E> @Nullable KeyRange taken(Page<E> page, List<E> found, KeyRange range) {
        found.addAll(page.entries());
        Bytes resume = page.resumeKey();
        return resume == null ? null : rest(range, resume);
    }

    /** The first page of a range, of {@code limit} entries at most. */
    static <E> CompletableFuture<Page<E>> page(
            PageReader<E> reader, KeyRange range, int limit, Deadline deadline) {
        return range.isEmpty() || limit == 0
                ? CompletableFuture.completedFuture(new Page<>(List.of(), null))
                : reader.read(range, limit, deadline);
    }

    private static KeyRange rest(KeyRange range, Bytes resumeKey) {
        return new KeyRange(resumeKey, range.endExclusive());
    }

    /**
     * Iterates over the first entries of a range, reading a page whenever the one before is used
     * up, and none that is larger than what is wanted yet.
     */
    static final class Lazy<E> implements Iterator<E> {
        private final BiFunction<KeyRange, Integer, Page<E>> read;
        private final KeyRange range;
        private long wanted; // entries behind those of the page
        private Iterator<E> entries;
        private Page<E> page;

        /**
         * @param read reads the first page of a range, of so many entries at most; blocks
         */
        Lazy(BiFunction<KeyRange, Integer, Page<E>> read, KeyRange range, long limit) {
            this.read = read;
            this.range = range;
            this.wanted = limit;
            this.page = next(range);
            this.entries = page.entries().iterator();
        }

        private Page<E> next(KeyRange left) {
            Page<E> next = read.apply(left, (int) Math.min(wanted, LAZY_PAGE_ENTRIES));
            wanted -= next.entries().size();
            return next;
        }

        @Override
        public boolean hasNext() {
            Bytes resume = page.resumeKey();
            while (!entries.hasNext() && wanted > 0 && resume != null) {
                page = next(rest(range, resume));
                entries = page.entries().iterator();
                resume = page.resumeKey();
            }
            return entries.hasNext();
        }

        @Override
        public E next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return entries.next();
        }
    }
}
