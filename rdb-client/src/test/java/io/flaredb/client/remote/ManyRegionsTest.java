package io.flaredb.client.remote;

import static io.flaredb.client.remote.ScriptedPlacement.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.KeyValue;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.Resolution;
import io.flaredb.client.remote.ScriptedStore.Step;
import io.flaredb.proto.kv.EpochNotMatch;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.StoreNotWritable;
import io.flaredb.proto.pd.RegionRoute;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations that span regions: up to "h" on the one store, then up to "p" and on on another. */
class ManyRegionsTest extends RemoteTest {
    private final ScriptedStore other = new ScriptedStore();
    private ScriptedServer otherServer;

    @BeforeEach
    void split() {
        otherServer = ScriptedServer.start(other);
        placement.routes =
                List.of(
                        route(1, "", "h", 3, 1, storeServer.address()),
                        route(2, "h", "p", 3, 2, otherServer.address()),
                        route(3, "p", "", 3, 2, otherServer.address()));
    }

    @AfterEach
    void stopOther() {
        otherServer.close();
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    private Map<Bytes, Bytes> alphabet() {
        Map<Bytes, Bytes> letters = new LinkedHashMap<>();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            letters.put(key(String.valueOf(letter)), key("value of " + letter));
        }
        return letters;
    }

    @Test
    void splitsABatchOfWrites() {
        db.raw().batchPut(alphabet());

        assertThat(store.raw).hasSize(7);
        assertThat(other.raw).hasSize(19);
        assertThat(store.calls() + other.calls()).isEqualTo(3);
    }

    @Test
    void putsABatchOfReadsTogether() {
        db.raw().batchPut(alphabet());
        store.answerEntries = 2; // answers come in parts
        other.answerEntries = 2;
        List<Bytes> asked = List.of(key("z"), key("a"), key("nowhere"), key("b"), key("c"));

        assertThat(db.raw().batchGet(asked))
                .containsExactly(
                        Map.entry(key("z"), key("value of z")),
                        Map.entry(key("a"), key("value of a")),
                        Map.entry(key("b"), key("value of b")),
                        Map.entry(key("c"), key("value of c")));
    }

    @Test
    void doesNotAskForeverWhereAnAnswerMakesNoProgress() {
        store.answerEntries = 0;

        assertThatThrownBy(() -> db.raw().batchGet(List.of(key("a"))))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("was asked for 1 keys and says it did 0");
    }

    @Test
    void splitsAnewWhatMeetsAnotherEpoch() {
        db.raw().batchPut(alphabet());
        List<RegionRoute> split =
                List.of(
                        route(1, "", "c", 4, 1, storeServer.address()),
                        route(4, "c", "h", 4, 1, storeServer.address()));
        store.then(
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setEpochNotMatch(
                                        EpochNotMatch.newBuilder()
                                                .addCurrentRegions(split.get(0).getRegion())
                                                .addCurrentRegions(split.get(1).getRegion()))
                                .build()));
        store.raw.clear();

        db.raw().batchPut(alphabet());

        assertThat(store.raw).hasSize(7);
        assertThat(store.calls()).isEqualTo(1 + 1 + 2);
    }

    @Test
    void saysThatABatchWasWrittenInPart() {
        RegionError diskFull =
                RegionError.newBuilder()
                        .setStoreNotWritable(StoreNotWritable.newBuilder().setReason("disk full"))
                        .build();
        store.then(new Step.Refuse(diskFull));

        assertThatThrownBy(() -> db.raw().batchPut(alphabet()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage(
                        "the batch was written in part, in 2 of 3 regions: store 1 at "
                                + storeServer.address()
                                + " refuses writes: disk full")
                .isInstanceOfSatisfying(
                        OutcomeUnknownException.class,
                        inPart ->
                                assertThat(inPart.resolve())
                                        .isEqualTo(
                                                new Resolution.WrittenInPart(
                                                        letters('h', 'z'), letters('a', 'g'))));
    }

    private void impatientAndConnected() {
        impatient();
        await().ignoreExceptions().until(() -> db.raw().batchGet(alphabet().keySet()).isEmpty());
    }

    private static List<Bytes> letters(char first, char last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(letter -> key(Character.toString(letter)))
                .toList();
    }

    @Test
    void findsOutWhatBecameOfEachPartOfABatch() {
        impatientAndConnected();
        store.fromNowOn(new Step.ApplyAndHang());
        OutcomeUnknownException unknown =
                catchThrowableOfType(
                        OutcomeUnknownException.class, () -> db.raw().batchPut(alphabet()));
        assertThat(unknown).hasMessageStartingWith("the batch was written in part, in 2 of 3");
        store.fromNowOn(new Step.Answer());

        assertThat(unknown.resolve()).isEqualTo(new Resolution.Written());
        assertThat(store.raw).hasSize(7);
    }

    @Test
    void findsOutThatNothingOfABatchWasWritten() {
        impatientAndConnected();
        store.fromNowOn(new Step.Fail(Status.UNAVAILABLE));
        other.fromNowOn(new Step.Fail(Status.UNAVAILABLE));
        OutcomeUnknownException unknown =
                catchThrowableOfType(
                        OutcomeUnknownException.class, () -> db.raw().batchPut(alphabet()));
        store.fromNowOn(new Step.Answer());
        other.fromNowOn(new Step.Answer());

        assertThat(unknown.resolve()).isEqualTo(new Resolution.NotDone());
    }

    @Test
    void swapsABatchWithinARegion() {
        assertThat(
                        db.cas()
                                .batch(
                                        List.of(
                                                CasOperation.swap(key("i"), 0, key("1")),
                                                CasOperation.swap(key("j"), 0, key("2")))))
                .isEqualTo(new CasBatchResult.Swapped(Map.of(key("i"), 1L, key("j"), 1L)));

        assertThat(store.calls()).isZero();
        assertThat(other.cas).hasSize(2);
    }

    @Test
    void refusesABatchOfSwapsOverRegions() {
        List<CasOperation> batch =
                List.of(
                        CasOperation.swap(key("a"), 0, key("1")),
                        CasOperation.swap(key("b"), 0, key("2")),
                        CasOperation.check(key("q"), 0));

        assertThatThrownBy(() -> db.cas().batch(batch))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "batch has keys of several regions: key \"a\" is in region 1, key \"q\" in"
                                + " region 3: allowed are keys of one region");
        assertThat(store.calls() + other.calls()).isZero();
    }

    @Test
    void saysThatNothingOfABatchWasWritten() {
        Step diskFull =
                new Step.Refuse(
                        RegionError.newBuilder()
                                .setStoreNotWritable(
                                        StoreNotWritable.newBuilder().setReason("disk full"))
                                .build());
        store.then(diskFull);
        other.then(diskFull, diskFull);

        assertThatThrownBy(() -> db.raw().batchPut(alphabet()))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void scansOverRegionsAndPages() {
        db.raw().batchPut(alphabet());
        other.answerEntries = 3;

        assertThat(db.raw().scan(KeyRange.ALL, 1_000))
                .extracting(KeyValue::key)
                .containsExactlyElementsOf(alphabet().keySet());
        assertThat(db.raw().scan(new KeyRange(key("f"), key("r")), 1_000)).hasSize(12);
        assertThat(db.raw().scan(new KeyRange(key("f"), key("r")), 5)).hasSize(5);
        assertThat(db.raw().scan(KeyRange.ALL, 0)).isEmpty();
    }

    @Test
    void iteratesPageByPage() {
        db.raw().batchPut(alphabet());
        store.answerEntries = 3;
        other.answerEntries = 3;
        int callsBefore = store.calls();
        List<Bytes> seen = new ArrayList<>();

        Iterable<KeyValue> everything = db.raw().scan(KeyRange.ALL);
        assertThat(store.calls()).isEqualTo(callsBefore);
        for (KeyValue entry : everything) {
            if (seen.isEmpty()) {
                assertThat(store.calls()).isEqualTo(callsBefore + 1);
            }
            seen.add(entry.key());
        }

        assertThat(seen).containsExactlyElementsOf(alphabet().keySet());
        assertThat(everything).hasSize(26); // and once more
    }

    @Test
    void asksForNoMoreEntriesThanAreWanted() {
        db.raw().batchPut(alphabet());

        assertThat(db.raw().iterate(KeyRange.ALL, 9)).hasSize(9);

        assertThat(store.scanLimits).containsExactly(9);
        assertThat(other.scanLimits).containsExactly(2);
    }

    @Test
    void scansOnFromBehindTheLongestKey() {
        Bytes longest = Bytes.wrap(new byte[4 * 1024]);
        db.raw().batchPut(Map.of(longest, key("first"), key("b"), key("second")));

        assertThat(db.raw().scan(new KeyRange(longest.next(), Bytes.EMPTY), 5))
                .extracting(KeyValue::key)
                .containsExactly(key("b"));
    }

    @Test
    void findsWhereToScanFromBehindTheLongestKey() {
        Bytes longest = Bytes.wrap(new byte[4 * 1024]);

        assertThat(db.raw().scan(new KeyRange(longest.next(), Bytes.EMPTY), 5)).isEmpty();
    }

    @Test
    void listsAllRegionsPageByPage() {
        placement.routesPerAnswer = 1;

        assertThat(db.cluster().regions()).extracting(RegionInfo::id).containsExactly(1L, 2L, 3L);
    }
}
