package io.flaredb.pd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.pd.DurableState.Change;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.StorageEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableStateTest {
    private static final StoreRecord STORE = new StoreRecord(1, new UUID(1, 1), "a:1", 5);

    @TempDir Path folder;

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

    private StorageEngine engine;

    @BeforeEach
    void open() {
        engine = StorageEngine.open(folder, PlacementDriverOptions.defaults().storage());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Change addStore(PlacementState state) {
        return new Change(state.withStore(STORE), List.of(PlacementRecords.store(STORE)));
    }

    @Test
    void publishesAChangeOnceItIsDurable() {
        DurableState state = new DurableState(engine, fatal::add);
        PlacementState before = state.current();
        state.change(DurableStateTest::addStore);
        assertThat(state.current().stores()).containsEntry(1L, STORE);
        assertThat(before.stores()).isEmpty();
        assertThat(new DurableState(engine, fatal::add).current().stores())
                .containsEntry(1L, STORE);
    }

    @Test
    void aRefusedChangeChangesNothingAndLetsTheNextOneIn() {
        DurableState state = new DurableState(engine, fatal::add);
        assertThatThrownBy(() ->
                        state.change(current -> {
                            throw new PlacementDriverException.NotFound("no");
                        }))
                .hasMessage("no");
        assertThat(state.current().stores()).isEmpty();
        state.change(DurableStateTest::addStore);
        assertThat(state.current().stores()).hasSize(1);
    }

    @Test
    void aDamagedFolderEndsThePlacementDriver() {
        DurableState state = new DurableState(engine, fatal::add);
        CorruptionException damaged = new CorruptionException("thrown by this test", null);
        assertThatThrownBy(() ->
                        state.change(current -> {
                            throw damaged;
                        }))
                .isInstanceOf(PlacementDriverException.Unavailable.class)
                .hasCause(damaged);
        assertThat(fatal).containsExactly(damaged);
    }

    @Test
    void readersDoNotWaitForAWriterNorDoesTheBoundWaitForEver() throws Exception {
        DurableState state = new DurableState(engine, fatal::add);
        CountDownLatch deciding = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<?> change =
                    threads.submit(() ->
                            state.change(current -> {
                                deciding.countDown();
                                awaitUninterruptibly(go);
                                return addStore(current);
                            }));
            assertThat(deciding.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(state.current().stores()).isEmpty();
            Future<?> bound = threads.submit(() -> state.persist(77));
            go.countDown();
            change.get(10, TimeUnit.SECONDS);
            bound.get(10, TimeUnit.SECONDS);
        }
        await().until(() -> state.current().stores().size() == 1);
        assertThat(state.load()).isEqualTo(77);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
