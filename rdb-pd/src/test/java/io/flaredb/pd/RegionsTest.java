package io.flaredb.pd;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.region;
import static io.flaredb.pd.Requests.register;
import static io.flaredb.pd.Requests.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
        driver = PlacementDriver.open(folder, PlacementDriverOptions.defaults(), failure -> {});
    }

    private void splitAt(String... keys) {
        driver.bootstrap(bootstrap(driver.clusterId(), 1, 1, keys));
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
    void findsTheRegionOfAKeyAndItsStores() {
        splitAt("m");
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
        splitAt("b", "c");
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
        splitAt("m");
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
        splitAt("m");
        tell(LEFT, 3, 50);
        tell(LEFT, 2, 70);
        assertThat(route("a").getTerm()).isEqualTo(3);
        assertThat(route("a").getAppliedIndex()).isEqualTo(50);
    }

    private static Region moved() {
        return LEFT.toBuilder()
                .setEpoch(RegionEpoch.newBuilder().setConfVersion(2).setVersion(1))
                .addPeers(Peer.newBuilder().setId(8).setStoreId(2))
                .build();
    }

    @Test
    void takesANewerDescriptorForGoodAndIgnoresAnOlderOne() {
        splitAt("m");
        Region moved = moved();
        tell(moved, 0, 1);
        assertThat(route("a").getRegion()).isEqualTo(moved);
        assertThat(route("a").getStoresCount()).isEqualTo(2);
        tell(LEFT, 0, 99);
        assertThat(route("a").getRegion()).isEqualTo(moved);
        driver.close();
        open();
        assertThat(route("a").getRegion()).isEqualTo(moved);
    }

    @Test
    void followsALeaderOfALaterTermThatHasNotAppliedTheNewestDescriptor() {
        splitAt("m");
        tell(moved(), 3, 50);
        tell(LEFT, 4, 51);
        assertThat(route("a").getRegion()).isEqualTo(moved());
        assertThat(route("a").getTerm()).isEqualTo(4);
        assertThat(route("a").getAppliedIndex()).isEqualTo(51);
    }

    @Test
    void takesANewerDescriptorFromALeaderOfAnEarlierTerm() {
        splitAt("m");
        tell(LEFT, 4, 50);
        tell(moved(), 3, 49);
        assertThat(route("a").getRegion()).isEqualTo(moved());
        assertThat(route("a").getTerm()).isEqualTo(4);
        assertThat(route("a").getAppliedIndex()).isEqualTo(50);
    }

    @Test
    void namesNoLeaderThatIsAMemberNoMore() {
        splitAt("m");
        tell(LEFT, 4, 50);
        Region without = moved().toBuilder().removePeers(0).build();
        tell(without, 3, 49);
        assertThat(route("a").hasLeader()).isFalse();
        tell(without, 5, 60);
        assertThat(route("a").getLeader()).isEqualTo(without.getPeers(0));
    }

    @Test
    void givesNoPeerIdTwiceNorOneThatARegionHas() {
        splitAt("m");
        assertThat(driver.allocatePeerId()).isEqualTo(3);
        driver.close();
        open();
        assertThat(driver.allocatePeerId()).isEqualTo(4);
        tell(moved(), 0, 1);
        assertThat(driver.allocatePeerId()).isEqualTo(9);
        Region back = moved().toBuilder().removePeers(1).build();
        tell(
                back.toBuilder()
                        .setEpoch(RegionEpoch.newBuilder().setConfVersion(3).setVersion(1))
                        .build(),
                0,
                2);
        driver.close();
        open();
        assertThat(driver.allocatePeerId()).isEqualTo(10);
    }

    @Test
    void aNewerDescriptorMayShrinkARegionButNotOverlapAnother() {
        splitAt("m");
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
    void refusesPeersThatCannotBeThere() {
        splitAt("m");
        long tooHigh = (1L << 32) + 3;
        assertRefused(
                peer(-1, 2),
                "region 1: a peer has id 18446744073709551615: allowed are 1 to " + (tooHigh - 1));
        assertRefused(
                peer(tooHigh, 2),
                "region 1: a peer has id 4294967299: allowed are 1 to 4294967298");
        assertRefused(peer(0, 2), "region 1: a peer has id 0: allowed are 1 to 4294967298");
        assertRefused(peer(1, 2), "region 1: two peers have id 1");
        assertRefused(peer(8, 1), "region 1: two peers are on store 1");
        assertThat(driver.allocatePeerId()).isEqualTo(3);
    }

    private void assertRefused(Peer added, String why) {
        Region.Builder next = moved().toBuilder().setPeers(1, added);
        assertThatThrownBy(() -> tell(next.build(), 0, 0))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage(why);
    }

    private static Peer peer(long id, long storeId) {
        return Peer.newBuilder().setId(id).setStoreId(storeId).build();
    }

    @Test
    void refusesReportsThatCannotBeTrue() {
        splitAt("m");
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
