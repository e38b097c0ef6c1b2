package io.flaredb.pd;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.region;
import static io.flaredb.pd.Requests.register;
import static io.flaredb.pd.Requests.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.proto.pd.RegionRoute;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The map from keys to regions: bootstrap, routing, what leaders report. */
class RegionsTest {
    private static final Region LEFT = region(1, "", "m", 1);
    private static final Region RIGHT = region(2, "m", "", 1);

    @TempDir Path folder;

    private PlacementDriver driver;

    @BeforeEach
    void openWithTwoStores() {
        open();
        driver.registerStore(register(new UUID(1, 1), "127.0.0.1:1"));
        driver.registerStore(register(new UUID(2, 2), "127.0.0.1:2"));
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void open() {
        driver = PlacementDriver.open(folder, PlacementDriverOptions.defaults());
    }

    private boolean offer(long storeId, Region... regions) {
        return driver.bootstrap(bootstrap(driver.clusterId(), storeId, regions)).getAccepted();
    }

    private void tell(Region region, long term, long appliedIndex) {
        driver.regionHeartbeat(report(driver.clusterId(), region, term, appliedIndex));
    }

    private RegionRoute route(String key) {
        return driver.route(Bytes.utf8(key)).orElseThrow();
    }

    @Test
    void knowsNoRegionBeforeTheBootstrap() {
        assertThat(driver.isBootstrapped()).isFalse();
        assertThat(driver.route(Bytes.utf8("a"))).isEmpty();
        assertThat(driver.scanRegions(KeyRange.ALL, 10)).isEmpty();
    }

    @Test
    void takesTheFirstRegionsOnceAndForGood() {
        assertThat(offer(1, LEFT, RIGHT)).isTrue();
        assertThat(offer(2, region(7, "", "", 2))).isFalse();
        assertThat(offer(1, LEFT, RIGHT)).isTrue();
        driver.close();
        open();
        assertThat(driver.isBootstrapped()).isTrue();
        assertThat(offer(1, LEFT, RIGHT)).isTrue();
        assertThat(offer(2, region(7, "", "", 2))).isFalse();
        assertThat(driver.scanRegions(KeyRange.ALL, 10))
                .extracting(RegionRoute::getRegion)
                .containsExactly(LEFT, RIGHT);
    }

    @Test
    void takesTheFirstRegionsInAnyOrder() {
        assertThat(offer(1, RIGHT, LEFT)).isTrue();
        assertThat(route("").getRegion()).isEqualTo(LEFT);
    }

    static Stream<Arguments> notCovering() {
        return Stream.of(
                Arguments.of("none", new Region[] {}),
                Arguments.of("no first key", new Region[] {region(1, "a", "", 1)}),
                Arguments.of("no last key", new Region[] {region(1, "", "m", 1)}),
                Arguments.of("gap", new Region[] {LEFT, region(2, "n", "", 1)}),
                Arguments.of("overlap", new Region[] {LEFT, region(2, "l", "", 1)}),
                Arguments.of(
                        "twice all", new Region[] {region(1, "", "", 1), region(2, "", "", 1)}),
                Arguments.of("behind the end", new Region[] {region(1, "", "", 1), RIGHT}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notCovering")
    void refusesFirstRegionsThatDoNotCoverAllKeys(String name, Region[] regions) {
        assertThatThrownBy(() -> offer(1, regions))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("the first regions must cover all keys, without gap or overlap");
        assertThat(driver.isBootstrapped()).isFalse();
    }

    static Stream<Arguments> senseless() {
        Region all = region(1, "", "", 1);
        ByteString longKey = ByteString.copyFrom(new byte[4_097]);
        return Stream.of(
                Arguments.of("ids begin at 1", all.toBuilder().setId(0)),
                Arguments.of("epoch is missing", all.toBuilder().clearEpoch()),
                Arguments.of("0 peers", all.toBuilder().clearPeers()),
                Arguments.of(
                        "a peer has id 0",
                        all.toBuilder().setPeers(0, Peer.newBuilder().setStoreId(1))),
                Arguments.of(
                        "a peer is on store 9, which is not registered",
                        all.toBuilder().setPeers(0, Peer.newBuilder().setId(1).setStoreId(9))),
                Arguments.of(
                        "has no peer on store 1",
                        all.toBuilder().setPeers(0, Peer.newBuilder().setId(1).setStoreId(2))),
                Arguments.of("at most 4096 bytes", all.toBuilder().setEndKey(longKey)),
                Arguments.of(
                        "start_key must be below end_key", region(1, "b", "a", 1).toBuilder()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("senseless")
    void refusesFirstRegionsThatMakeNoSense(String message, Region.Builder region) {
        assertThatThrownBy(() -> offer(1, region.build()))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesIdsThatAreThereTwice() {
        assertThatThrownBy(() -> offer(1, LEFT, RIGHT.toBuilder().setId(1).build()))
                .hasMessage("region 1 is there twice");
        assertThatThrownBy(() ->
                        offer(1, LEFT, RIGHT.toBuilder().setPeers(0, LEFT.getPeers(0)).build()))
                .hasMessage("peer 1 is there twice");
    }

    @Test
    void refusesAStoreThatIsNotRegistered() {
        assertThatThrownBy(() -> offer(9, region(1, "", "", 9)))
                .isInstanceOf(PlacementDriverException.NotFound.class)
                .hasMessage("no store 9 is registered");
    }

    @Test
    void findsTheRegionOfAKeyAndItsStores() {
        offer(1, LEFT, RIGHT);
        assertThat(route("").getRegion()).isEqualTo(LEFT);
        assertThat(route("lzzz").getRegion()).isEqualTo(LEFT);
        assertThat(route("m").getRegion()).isEqualTo(RIGHT);
        byte[] highest = new byte[4_096];
        Arrays.fill(highest, (byte) 0xff);
        RegionRoute last = driver.route(Bytes.wrap(highest)).orElseThrow();
        assertThat(last.getRegion()).isEqualTo(RIGHT);
        assertThat(last.hasLeader()).isFalse();
        assertThat(last.getStoresList())
                .extracting(store -> store.getAddress())
                .containsExactly("127.0.0.1:1");
    }

    @Test
    void scansTheRegionsThatShareKeysWithARange() {
        Region first = region(1, "", "b", 1);
        Region second = region(2, "b", "c", 1);
        Region third = region(3, "c", "", 1);
        offer(1, first, second, third);
        assertThat(scan("", "", 10)).containsExactly(1L, 2L, 3L);
        assertThat(scan("", "", 2)).containsExactly(1L, 2L);
        assertThat(scan("bb", "", 10)).containsExactly(2L, 3L);
        assertThat(scan("b", "c", 10)).containsExactly(2L);
        assertThat(scan("a", "b\0", 10)).containsExactly(1L, 2L);
        assertThat(scan("z", "a", 10)).isEmpty();
    }

    private List<Long> scan(String start, String end, int limit) {
        return driver.scanRegions(new KeyRange(Bytes.utf8(start), Bytes.utf8(end)), limit).stream()
                .map(route -> route.getRegion().getId())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 10_001})
    void refusesALimitOutOfRange(int limit) {
        assertThatThrownBy(() -> driver.scanRegions(KeyRange.ALL, limit))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("limit is %s: allowed are 1 to 10000", Integer.toUnsignedString(limit));
    }

    @Test
    void keepsWhatTheLeaderReportsAndItsTermForGood() {
        offer(1, LEFT, RIGHT);
        tell(LEFT, 3, 50);
        assertThat(route("a").getLeader()).isEqualTo(LEFT.getPeers(0));
        assertThat(route("a").getTerm()).isEqualTo(3);
        assertThat(route("a").getAppliedIndex()).isEqualTo(50);
        assertThat(route("a").getApproximateSizeBytes()).isEqualTo(5_000);
        tell(LEFT, 3, 60);
        assertThat(route("a").getAppliedIndex()).isEqualTo(60);
        driver.close();
        open();
        assertThat(route("a").getLeader()).isEqualTo(LEFT.getPeers(0));
        assertThat(route("a").getTerm()).isEqualTo(3);
        assertThat(route("a").getAppliedIndex()).isZero();
    }

    @Test
    void ignoresALeaderOfAnEarlierTerm() {
        offer(1, LEFT, RIGHT);
        tell(LEFT, 3, 50);
        tell(LEFT, 2, 70);
        assertThat(route("a").getTerm()).isEqualTo(3);
        assertThat(route("a").getAppliedIndex()).isEqualTo(50);
    }

    @Test
    void takesANewerDescriptorForGoodAndIgnoresAnOlderOne() {
        offer(1, LEFT, RIGHT);
        Region moved =
                LEFT.toBuilder()
                        .setEpoch(RegionEpoch.newBuilder().setConfVersion(2).setVersion(1))
                        .addPeers(Peer.newBuilder().setId(8).setStoreId(2))
                        .build();
        tell(moved, 0, 1);
        assertThat(route("a").getRegion()).isEqualTo(moved);
        assertThat(route("a").getStoresCount()).isEqualTo(2);
        tell(LEFT, 0, 99);
        assertThat(route("a").getRegion()).isEqualTo(moved);
        assertThat(route("a").getAppliedIndex()).isEqualTo(1);
        driver.close();
        open();
        assertThat(route("a").getRegion()).isEqualTo(moved);
    }

    @Test
    void aNewerDescriptorMayShrinkARegionButNotOverlapAnother() {
        offer(1, LEFT, RIGHT);
        var newer = RegionEpoch.newBuilder().setConfVersion(1).setVersion(2).build();
        tell(region(2, "n", "", 1).toBuilder().setEpoch(newer).build(), 0, 1);
        assertThat(route("n").getRegion().getId()).isEqualTo(2);
        assertThat(driver.route(Bytes.utf8("m"))).isEmpty();
        assertThatThrownBy(
                        () -> tell(region(1, "", "o", 1).toBuilder().setEpoch(newer).build(), 0, 1))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("region 1: overlaps region 2");
    }

    @Test
    void refusesReportsThatCannotBeTrue() {
        offer(1, LEFT, RIGHT);
        assertThatThrownBy(() -> tell(region(9, "", "", 1), 0, 0))
                .isInstanceOf(PlacementDriverException.NotFound.class)
                .hasMessage("no region 9 is known");
        assertThatThrownBy(() ->
                        driver.regionHeartbeat(
                                report(driver.clusterId(), LEFT, 0, 0).toBuilder()
                                        .setLeader(RIGHT.getPeers(0))
                                        .build()))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("region 1: its leader is not one of its peers");
        assertThatThrownBy(() -> tell(region(1, "", "n", 1), 0, 0))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("region 1: another descriptor is known under the same epoch");
    }
}
