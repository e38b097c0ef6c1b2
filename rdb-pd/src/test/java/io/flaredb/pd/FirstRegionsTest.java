package io.flaredb.pd;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.heartbeat;
import static io.flaredb.pd.Requests.region;
import static io.flaredb.pd.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.BootstrapRequest;
import io.flaredb.proto.pd.BootstrapResponse;
import io.flaredb.proto.pd.RegionRoute;
import io.flaredb.storage.Command;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How a new cluster gets its first regions. */
class FirstRegionsTest {
    private static final long ELEVEN_SECONDS = Duration.ofSeconds(11).toNanos();

    @TempDir Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private PlacementDriver driver;

    @BeforeEach
    void openWithFourStores() {
        open();
        for (int i = 1; i <= 4; i++) {
            driver.registerStore(register(new UUID(i, i), "127.0.0.1:" + i));
        }
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void open() {
        PlacementDriverOptions defaults = PlacementDriverOptions.defaults();
        driver =
                PlacementDriver.open(
                        folder.resolve("pd"),
                        new PlacementDriverOptions(
                                defaults.tsoAhead(),
                                defaults.storeUp(),
                                defaults.storage(),
                                defaults.wallClock(),
                                nanos::get),
                        failure -> {});
    }

    private BootstrapResponse ask(long storeId, int replicas, String... splitKeys) {
        return driver.bootstrap(bootstrap(driver.clusterId(), storeId, replicas, splitKeys));
    }

    private List<Region> regions() {
        return driver.scanRegions(KeyRange.ALL, 100).stream().map(RegionRoute::getRegion).toList();
    }

    private static List<Long> storesOf(Region region) {
        return region.getPeersList().stream().map(Peer::getStoreId).toList();
    }

    @Test
    void aLoneStoreGetsTheWholeKeySpaceAtOnce() {
        BootstrapResponse answer = ask(1, 1);
        assertThat(answer.getBootstrapped()).isTrue();
        assertThat(answer.getMissingStores()).isZero();
        assertThat(answer.getRegionsList()).containsExactly(region(1, "", "", 1));
        assertThat(regions()).containsExactly(region(1, "", "", 1));
        assertThat(driver.isBootstrapped()).isTrue();
    }

    @Test
    void waitsUntilEachReplicaHasAStore() {
        assertThat(ask(1, 3).getMissingStores()).isEqualTo(2);
        assertThat(ask(1, 3).getMissingStores()).isEqualTo(2);
        assertThat(ask(4, 3).getMissingStores()).isEqualTo(1);
        assertThat(driver.isBootstrapped()).isFalse();
        assertThat(ask(2, 3).getRegionsList()).hasSize(1);
        assertThat(ask(1, 3).getRegionsList()).isEqualTo(regions());
        assertThat(storesOf(regions().getFirst())).containsExactlyInAnyOrder(1L, 2L, 4L);
    }

    @Test
    void cutsTheKeySpaceAndLetsAnotherStoreComeFirstInEachRegion() {
        ask(1, 3, "g", "n", "t");
        ask(2, 3, "g", "n", "t");
        ask(3, 3, "g", "n", "t");
        assertThat(regions()).extracting(Region::getId).containsExactly(1L, 2L, 3L, 4L);
        assertThat(regions())
                .extracting(region -> region.getStartKey().toStringUtf8())
                .containsExactly("", "g", "n", "t");
        assertThat(regions())
                .extracting(region -> region.getEndKey().toStringUtf8())
                .containsExactly("g", "n", "t", "");
        assertThat(regions())
                .extracting(FirstRegionsTest::storesOf)
                .containsExactly(
                        List.of(1L, 2L, 3L),
                        List.of(2L, 3L, 1L),
                        List.of(3L, 1L, 2L),
                        List.of(1L, 2L, 3L));
        assertThat(regions().stream().flatMap(region -> region.getPeersList().stream()))
                .extracting(Peer::getId)
                .doesNotHaveDuplicates()
                .hasSize(12);
        assertThat(driver.allocatePeerId()).isEqualTo(13);
    }

    @Test
    void theFirstRegionsAreForGoodWhateverIsAskedLater() {
        ask(1, 1, "m");
        driver.close();
        open();
        assertThat(ask(2, 3, "x").getBootstrapped()).isTrue();
        assertThat(ask(2, 3, "x").getRegionsList()).isEmpty();
        assertThat(ask(1, 1).getRegionsList())
                .containsExactly(region(1, "", "m", 1), region(2, "m", "", 1));
    }

    @Test
    void refusesAStoreThatAsksForOtherRegionsThanOneThatWaits() {
        ask(1, 3, "g", "n", "t", "x");
        assertThatThrownBy(() -> ask(2, 3))
                .isInstanceOf(PlacementDriverException.OtherFirstRegions.class)
                .hasMessage(
                        "store 2 asks for 1 region of 3 replicas as first regions, store 1, which"
                                + " waits, for 5 regions of 3 replicas split at \"g\", \"n\","
                                + " \"t\", ...: all stores of a new cluster must ask for the same");
        assertThat(ask(1, 3, "g", "n", "t", "x").getMissingStores()).isEqualTo(2);
    }

    @Test
    void aStoreThatWaitsAloneMayThinkAgain() {
        ask(1, 3);
        assertThat(ask(1, 2, "m").getMissingStores()).isEqualTo(1);
        assertThat(ask(2, 2, "m").getBootstrapped()).isTrue();
    }

    @Test
    void aStoreThatIsGoneWaitsNoLonger() {
        ask(1, 3, "a");
        nanos.addAndGet(ELEVEN_SECONDS);
        assertThat(ask(2, 2).getMissingStores()).isEqualTo(1);
        nanos.addAndGet(ELEVEN_SECONDS);
        assertThat(ask(3, 2).getMissingStores()).isEqualTo(1);
        driver.storeHeartbeat(heartbeat(driver.clusterId(), 3));
        assertThat(ask(4, 2).getBootstrapped()).isTrue();
        assertThat(storesOf(regions().getFirst())).containsExactly(3L, 4L);
    }

    @Test
    void aRegionGetsNoMoreReplicasThanAskedForIfAWriteFailedBefore() {
        FirstRegions first = new FirstRegions(id -> true);
        PlacementState empty =
                new PlacementState(1, 1, new TreeMap<>(), new TreeMap<>()); // stays as it is
        FirstLayout layout = new FirstLayout(3, List.of());
        for (long store = 1; store <= 3; store++) {
            first.decide(empty, store, layout);
        }
        PlacementState next = first.decide(empty, 4, layout).next();
        assertThat(next.regions().values())
                .extracting(route -> storesOf(route.getRegion()))
                .containsExactly(List.of(1L, 2L, 3L));
    }

    @Test
    void asksAnewAfterARestart() {
        ask(1, 2);
        driver.close();
        open();
        assertThat(ask(2, 2).getMissingStores()).isEqualTo(1);
        assertThat(ask(1, 2).getBootstrapped()).isTrue();
    }

    static Stream<Arguments> senseless() {
        BootstrapRequest one = BootstrapRequest.newBuilder().setReplicas(1).build();
        ByteString longKey = ByteString.copyFrom(new byte[4_097]);
        return Stream.of(
                Arguments.of("0 replicas: allowed are 1 to 7", one.toBuilder().setReplicas(0)),
                Arguments.of("8 replicas: allowed are 1 to 7", one.toBuilder().setReplicas(8)),
                Arguments.of(
                        "4294967295 replicas: allowed are 1 to 7", one.toBuilder().setReplicas(-1)),
                Arguments.of("key is empty", one.toBuilder().addSplitKeys(ByteString.EMPTY)),
                Arguments.of("key is 4097 bytes", one.toBuilder().addSplitKeys(longKey)),
                Arguments.of(
                        "split key \"a\" after \"b\": they must ascend, each once",
                        bootstrap(0, 0, 1, "b", "a").toBuilder()),
                Arguments.of(
                        "split key \"a\" after \"a\": they must ascend, each once",
                        bootstrap(0, 0, 1, "a", "a").toBuilder()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("senseless")
    void refusesWhatMakesNoSense(String message, BootstrapRequest.Builder request) {
        request.setClusterId(driver.clusterId()).setStoreId(1);
        assertThatThrownBy(() -> driver.bootstrap(request.build()))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessageContaining(message);
        assertThat(ask(1, 1).getBootstrapped()).isTrue();
    }

    @Test
    void refusesAStoreThatIsNotRegistered() {
        assertThatThrownBy(() -> ask(9, 1))
                .isInstanceOf(PlacementDriverException.NotFound.class)
                .hasMessage("no store 9 is registered");
    }

    @Test
    void opensAFolderOfTheVersionInWhichAStoreBroughtTheFirstRegion() {
        Path old = folder.resolve("old");
        RegionRoute route =
                RegionRoute.newBuilder()
                        .setRegion(region(1, "", "", 1))
                        .setLeader(region(1, "", "", 1).getPeers(0))
                        .build();
        try (StorageEngine engine = StorageEngine.open(old, StorageOptions.defaults())) {
            engine.writeIdentity(new StoreIdentity(Role.PLACEMENT_DRIVER, new UUID(9, 9), 77, 0));
            engine.apply(
                    RegionId.STORE,
                    List.of(
                            put(
                                    PlacementRecords.store(
                                            new StoreRecord(1, new UUID(1, 1), "127.0.0.1:1", 5))),
                            put(PlacementRecords.nextStoreId(2)),
                            put(PlacementRecords.region(route)),
                            new Command.RawPut(
                                    Bytes.utf8("bootstrap"),
                                    Bytes.wrap(formerBootstrap(route.getRegion())))));
        }
        try (PlacementDriver reopened =
                PlacementDriver.open(old, PlacementDriverOptions.defaults(), failure -> {})) {
            assertThat(reopened.isBootstrapped()).isTrue();
            assertThat(reopened.bootstrap(bootstrap(77, 1, 1)).getRegionsList())
                    .containsExactly(region(1, "", "", 1));
            assertThat(reopened.allocatePeerId()).isEqualTo(2);
            var added = reopened.registerStore(register(new UUID(2, 2), "127.0.0.1:2"));
            assertThat(added.getStoreId()).isEqualTo(2);
        }
    }

    private static Command put(io.flaredb.storage.KeyValue record) {
        return new Command.RawPut(record.key(), record.value());
    }

    /** cluster_id = 1, store_id = 2, repeated Region regions = 3. */
    private static byte[] formerBootstrap(Region region) {
        ByteString tag =
                ByteString.copyFrom(new byte[] {(3 << 3) | 2, (byte) region.getSerializedSize()});
        return BootstrapRequest.newBuilder()
                .setClusterId(77)
                .setStoreId(1)
                .build()
                .toByteString()
                .concat(tag)
                .concat(region.toByteString())
                .toByteArray();
    }
}
