package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;

class SharedSyncTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final AtomicInteger begun = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);
    private volatile boolean broken;
    private final SharedSync sync =
            new SharedSync(() -> {
                begun.incrementAndGet();
                mayEnd.acquireUninterruptibly();
                if (broken) {
                    throw new RocksDBException("no disk");
                }
            });
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void letAllEnd() throws InterruptedException {
        mayEnd.release(1_000);
        for (Thread thread : threads) {
            assertThat(thread.join(DEADLINE)).as("%s has ended", thread).isTrue();
        }
    }

    @Test
    void aSyncThatBeganBeforeAWriteDoesNotCoverIt() {
        CompletableFuture<Void> first = join();
        await().atMost(DEADLINE).until(() -> begun.get() == 1);
        CompletableFuture<Void> second = join();
        awaitWaiting(1);

        mayEnd.release();
        await().atMost(DEADLINE).until(first::isDone);
        await().atMost(DEADLINE).until(() -> begun.get() == 2);
        assertThat(second).isNotDone();

        mayEnd.release();
        await().atMost(DEADLINE).until(second::isDone);
        assertThat(second).isCompleted();
    }

    @Test
    void allWhoComeDuringASyncShareTheNextOne() {
        join();
        await().atMost(DEADLINE).until(() -> begun.get() == 1);
        List<CompletableFuture<Void>> later = List.of(join(), join(), join(), join());
        awaitWaiting(4);

        mayEnd.release(2);
        await().atMost(DEADLINE).until(() -> later.stream().allMatch(CompletableFuture::isDone));
        assertThat(later).allSatisfy(each -> assertThat(each).isCompleted());
        assertThat(begun).hasValue(2);
    }

    @Test
    void nobodySucceedsOnceASyncHasFailed() {
        CompletableFuture<Void> first = join();
        await().atMost(DEADLINE).until(() -> begun.get() == 1);
        CompletableFuture<Void> second = join();
        awaitWaiting(1);
        broken = true;
        mayEnd.release();

        await().atMost(DEADLINE).until(() -> first.isDone() && second.isDone());
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        broken = false;
        assertThatThrownBy(sync::join).isInstanceOf(RocksDBException.class);
        assertThat(begun).hasValue(1);
    }

    private CompletableFuture<Void> join() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        threads.add(
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                sync.join();
                                ended.complete(null);
                            } catch (RocksDBException e) {
                                ended.completeExceptionally(e);
                            }
                        }));
        return ended;
    }

    /** Until this many of those who have joined wait for a sync that others make. */
    private void awaitWaiting(int count) {
        await().atMost(DEADLINE)
                .until(() ->
                        threads.stream().filter(SharedSyncTest::waitsForOthers).count() == count);
    }

    private static boolean waitsForOthers(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && List.of(thread.getStackTrace()).stream()
                        .anyMatch(frame -> frame.getMethodName().equals("begins"));
    }
}
