package io.flaredb.client.remote;

import static io.flaredb.client.remote.ScriptedRequests.forgotten;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RequestId;
import io.flaredb.proto.kv.StoreNotWritable;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A write that may have been sent is repeated under its number, and happens once. */
class NumberedWritesTest extends ReplicatedTest {
    private static final Step LOST = new Step.ApplyAndFail(Status.UNAVAILABLE);

    private static final RegionError DISK_FULL =
            RegionError.newBuilder()
                    .setStoreNotWritable(StoreNotWritable.newBuilder().setReason("disk full"))
                    .build();

    private static List<Long> sequences(ScriptedStore store) {
        return store.ids.stream().map(RequestId::getSequence).toList();
    }

    @Test
    void repeatsAWriteWhoseAnswerIsLost() {
        second.refuseFromNowOn(null); // whoever is asked next
        third.refuseFromNowOn(null);
        store.then(LOST);

        assertThat(db.cas().put(KEY, 0, VALUE)).isEqualTo(new CasResult.Swapped(1));

        assertThat(store.cas).containsEntry(KEY, new VersionedValue(1, VALUE));
        assertThat(Stream.of(store, second, third).flatMap(s -> s.ids.stream()))
                .hasSize(2)
                .containsOnly(store.ids.get(0));
    }

    @Test
    void repeatsAWriteElsewhereThatIsNotAnswered() {
        store.hangFromNowOn();
        second.refuseFromNowOn(null);

        assertThat(db.cas().put(KEY, 0, VALUE)).isEqualTo(new CasResult.Swapped(1));

        assertThat(second.ids).last().isEqualTo(store.ids.get(0));
    }

    @Test
    void numbersEveryKindOfWrite() {
        db.raw().put(KEY, VALUE);
        db.raw().delete(KEY);
        db.raw().batchPut(Map.of(KEY, VALUE));
        db.cas().put(KEY, 0, VALUE);
        db.cas().delete(KEY, 1);
        db.cas().batch(List.of(CasOperation.check(KEY, 0)));
        db.raw().stale().put(KEY, VALUE);

        assertThat(sequences(store)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(store.ids)
                .extracting(RequestId::getClientId)
                .containsOnly(store.ids.get(0).getClientId());
        assertThat(store.ids).allMatch(id -> id.getLowestInFlight() == id.getSequence());
    }

    @Test
    void keepsTheLowestInFlightWhileAWriteWaits() {
        store.then(new Step.ApplyAndHang());
        CompletableFuture<Void> waits = db.raw().async().put(KEY, VALUE);
        await().until(() -> store.calls() >= 1);

        db.raw().put(Bytes.utf8("other"), VALUE);

        assertThat(store.ids.get(1).getSequence()).isEqualTo(2);
        assertThat(store.ids.get(1).getLowestInFlight()).isEqualTo(1);
        second.refuseFromNowOn(null);
        third.refuseFromNowOn(null);
        waits.join();
        db.raw().put(Bytes.utf8("third"), VALUE);
        assertThat(Stream.of(store, second, third).flatMap(s -> s.ids.stream()))
                .filteredOn(id -> id.getSequence() == 3)
                .extracting(RequestId::getLowestInFlight)
                .containsOnly(3L);
    }

    @Test
    void takesAnotherNumberWhereNothingWasSentUnderAForgottenOne() {
        store.then(new Step.Refuse(notLeader(0)), new Step.Refuse(forgotten(Long.MAX_VALUE / 2)));
        second.refuseFromNowOn(notLeader(1));
        third.refuseFromNowOn(notLeader(1));

        db.raw().put(KEY, VALUE);

        RequestId before = store.ids.get(0);
        RequestId after = store.ids.get(store.ids.size() - 1);
        assertThat(store.raw).containsEntry(KEY, VALUE);
        assertThat(after.getClientId()).isNotEqualTo(before.getClientId());
        assertThat(after.getSessionStartMs()).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(before.getSessionStartMs()).isLessThan(Long.MAX_VALUE / 2);
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatWasSentUnderAForgottenNumber() {
        second.refuseFromNowOn(forgotten(0));
        third.refuseFromNowOn(forgotten(0));
        store.then(LOST);

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("may have happened")
                .hasMessageContaining("says that region 1 has forgotten the number of the write");

        assertThat(store.ids).hasSize(1);
        second.refuseFromNowOn(null);
        third.refuseFromNowOn(null);
        db.raw().put(KEY, VALUE); // under a new number
    }

    @Test
    void doesNotGuessTheFateOfAWriteThatIsRefusedOnceItMayHaveBeenSent() {
        second.refuseFromNowOn(DISK_FULL);
        third.refuseFromNowOn(DISK_FULL);
        store.then(LOST);

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("may have happened")
                .hasMessageContaining("refuses writes: disk full");
    }

    @Test
    void staysRefusedWhereNothingWasSent() {
        store.then(new Step.Refuse(forgotten(0)), new Step.Refuse(DISK_FULL));

        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(RefusedException.class)
                .hasMessageEndingWith("refuses writes: disk full");
    }

    @Test
    void bringsTheValueOfAConflictThatWasRepeated() {
        store.cas.put(KEY, new VersionedValue(10, VALUE));
        second.refuseFromNowOn(null);
        third.refuseFromNowOn(null);
        store.then(LOST);

        assertThat(db.cas().put(KEY, 5, Bytes.utf8("w")))
                .isEqualTo(new CasResult.Conflict(10, Optional.of(VALUE)));

        assertThat(Stream.of(store, second, third).flatMap(s -> s.ids.stream()))
                .extracting(RequestId::getSequence)
                .containsExactlyInAnyOrder(1L, 1L, 2L);
    }

    @Test
    void needsNoValueOfAKeyThatIsAbsent() {
        second.refuseFromNowOn(null);
        third.refuseFromNowOn(null);
        store.then(LOST);

        assertThat(db.cas().put(KEY, 5, VALUE))
                .isEqualTo(new CasResult.Conflict(0, Optional.empty()));

        assertThat(Stream.of(store, second, third).mapToInt(ScriptedStore::calls).sum())
                .isEqualTo(2);
    }

    @Test
    void beginsAnotherSessionWhereAWriteStaysUnresolved() {
        second.refuseFromNowOn(DISK_FULL);
        third.refuseFromNowOn(DISK_FULL);
        store.then(LOST);
        assertThatThrownBy(() -> db.raw().put(KEY, VALUE))
                .isInstanceOf(OutcomeUnknownException.class);
        second.refuseFromNowOn(notLeader(1));
        third.refuseFromNowOn(notLeader(1));
        long client = store.ids.get(0).getClientId();
        db.raw().put(KEY, VALUE);
        int before = store.ids.size();

        for (int batch = 0; batch < Session.WINDOW / 512; batch++) {
            CompletableFuture.allOf(
                            Stream.generate(() -> db.raw().async().put(KEY, VALUE))
                                    .limit(512)
                                    .toArray(CompletableFuture<?>[]::new))
                    .join();
        }

        List<RequestId> ids = store.ids.subList(before, store.ids.size());
        assertThat(ids)
                .filteredOn(id -> id.getClientId() == client)
                .isNotEmpty()
                .allMatch(id -> id.getLowestInFlight() == 1 && id.getSequence() < Session.WINDOW);
        assertThat(ids).filteredOn(id -> id.getClientId() != client).isNotEmpty();
    }
}
