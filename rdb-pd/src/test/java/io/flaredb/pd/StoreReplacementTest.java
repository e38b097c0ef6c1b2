package io.flaredb.pd;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.heartbeat;
import static io.flaredb.pd.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.pd.RegionHeartbeatRequest;
import io.flaredb.proto.pd.RegionHeartbeatResponse;
import io.flaredb.proto.pd.StoreState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that come to the address of another: three stores with a region, the third is lost. */
class StoreReplacementTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long ELEVEN_SECONDS = Duration.ofSeconds(11).toNanos();

    @TempDir Path folder;

    private final AtomicLong millis = new AtomicLong(NOW);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // about to wrap
    private PlacementDriver driver;
    private Region region;

    @BeforeEach
    void bootstrapThreeStores() {
        open();
        for (int store = 1; store <= 3; store++) {
            registerNew(store, "127.0.0.1:" + store);
            driver.bootstrap(bootstrap(driver.clusterId(), store, 3));
        }
        region = driver.route(Bytes.utf8("a")).orElseThrow().getRegion();
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void open() {
        driver =
                PlacementDriver.open(
                        folder,
                        new PlacementDriverOptions(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                PlacementDriverOptions.defaults().storage(),
                                millis::get,
                                nanos::get),
                        failure -> {});
    }

    private long registerNew(long number, String address) {
        return driver.registerStore(register(new UUID(number, number), address)).getStoreId();
    }

    /** Eleven seconds in which only these are heard of. */
    private void passWithOnly(long... stores) {
        nanos.addAndGet(ELEVEN_SECONDS);
        millis.addAndGet(11_000);
        for (long store : stores) {
            driver.storeHeartbeat(heartbeat(driver.clusterId(), store));
        }
    }

    /** The region's leader, on store 1, tells how it is. */
    private RegionHeartbeatResponse report(Region as) {
        return driver.regionHeartbeat(
                RegionHeartbeatRequest.newBuilder()
                        .setClusterId(driver.clusterId())
                        .setRegion(as)
                        .setLeader(as.getPeers(0))
                        .setTerm(1)
                        .build());
    }

    private Region changed(Region.Builder next) {
        next.getEpochBuilder().setConfVersion(next.getEpoch().getConfVersion() + 1);
        return next.build();
    }

    private String addressOf(long store) {
        return driver.store(store).getStore().getAddress();
    }

    @Test
    void refusesTheAddressOfAStoreThatIsUp() {
        millis.addAndGet(2_500);
        assertThatThrownBy(() -> registerNew(4, "127.0.0.1:3"))
                .isInstanceOf(PlacementDriverException.AddressTaken.class)
                .hasMessage(
                        "address 127.0.0.1:3 is registered to store 3, which has other data and was"
                                + " heard of 2.5 s ago: start with that store's data folder, or"
                                + " serve at another address, or, if its data is lost, try again"
                                + " once it has not been heard of for 10 s");
        assertThatThrownBy(() -> registerNew(2, "127.0.0.1:3"))
                .isInstanceOf(PlacementDriverException.AddressTaken.class);
        assertThat(addressOf(2)).isEqualTo("127.0.0.1:2");
        assertThat(driver.stores()).hasSize(3);
    }

    @Test
    void takesNoStoreForSilentThatHadNoTimeToBeHeardOf() {
        nanos.addAndGet(ELEVEN_SECONDS);
        driver.close();
        open();
        assertThat(driver.store(3).getState()).isEqualTo(StoreState.STORE_STATE_DISCONNECTED);
        assertThatThrownBy(() -> registerNew(4, "127.0.0.1:3"))
                .isInstanceOf(PlacementDriverException.AddressTaken.class);
        nanos.addAndGet(ELEVEN_SECONDS);
        assertThat(registerNew(4, "127.0.0.1:3")).isEqualTo(4);
    }

    @Test
    void aNewStoreTakesTheAddressAndThePlaceOfASilentOneForGood() {
        passWithOnly(1, 2);
        assertThat(registerNew(4, "127.0.0.1:3")).isEqualTo(4);
        driver.close();
        open();
        assertThat(addressOf(4)).isEqualTo("127.0.0.1:3");
        assertThat(addressOf(3)).isEmpty();
        assertThat(driver.store(3).getReplacedBy()).isEqualTo(4);
        assertThat(registerNew(4, "127.0.0.1:3")).isEqualTo(4);
    }

    @Test
    void tellsTheLeaderToReplaceThePeerUntilItIsDone() {
        assertThat(report(region).hasReplace()).isFalse();
        passWithOnly(1, 2);
        assertThat(report(region).hasReplace()).isFalse();
        registerNew(4, "127.0.0.1:3");

        Peer lost = region.getPeers(2);
        for (long peerId = 4; peerId <= 5; peerId++) {
            var replace = report(region).getReplace();
            assertThat(replace.getRemove()).isEqualTo(lost);
            assertThat(replace.getAdd())
                    .isEqualTo(Peer.newBuilder().setId(peerId).setStoreId(4).build());
        }
        Region both =
                changed(region.toBuilder().addPeers(Peer.newBuilder().setId(5).setStoreId(4)));
        assertThat(report(both).getReplace().getRemove()).isEqualTo(lost);
        assertThat(report(both).getReplace().hasAdd()).isFalse();
        assertThat(report(changed(both.toBuilder().removePeers(2))).hasReplace()).isFalse();
    }

    @Test
    void asksNothingOfALeaderOfThePast() {
        report(region);
        passWithOnly(1, 2);
        registerNew(4, "127.0.0.1:3");
        var old =
                RegionHeartbeatRequest.newBuilder()
                        .setClusterId(driver.clusterId())
                        .setRegion(region)
                        .setLeader(region.getPeers(1));
        assertThat(driver.regionHeartbeat(old.build()).hasReplace()).isFalse();
        assertThat(driver.regionHeartbeat(old.setTerm(2).build()).hasReplace()).isTrue();
    }

    @Test
    void replacesNothingWhileTheNewStoreIsGone() {
        passWithOnly(1, 2);
        registerNew(4, "127.0.0.1:3");
        passWithOnly(1, 2);
        assertThat(report(region).hasReplace()).isFalse();
        passWithOnly(1, 2, 4);
        assertThat(report(region).hasReplace()).isTrue();
    }

    @Test
    void aReplacedStoreThatNeverStoppedIsRefusedAndReplacedAllTheSame() {
        passWithOnly(1, 2);
        registerNew(4, "127.0.0.1:3");
        passWithOnly(1, 2, 4);

        assertThatThrownBy(() -> driver.storeHeartbeat(heartbeat(driver.clusterId(), 3)))
                .isInstanceOf(PlacementDriverException.AddressTaken.class)
                .hasMessage(
                        "store 3 was silent, and store 4 has taken its address 127.0.0.1:3 and its"
                                + " place: start it again at another address, or not at all");
        assertThat(driver.store(3).getState()).isEqualTo(StoreState.STORE_STATE_DISCONNECTED);
        assertThat(report(region).getReplace().getRemove()).isEqualTo(region.getPeers(2));

        registerNew(3, "127.0.0.1:9");
        driver.storeHeartbeat(heartbeat(driver.clusterId(), 3));
        assertThat(driver.store(3).getState()).isEqualTo(StoreState.STORE_STATE_UP);
    }

    @Test
    void theNewestInARowOfLostStoresGetsThePeer() {
        passWithOnly(1, 2);
        registerNew(4, "127.0.0.1:3");
        passWithOnly(1, 2);
        registerNew(5, "127.0.0.1:3");
        assertThat(report(region).getReplace().getAdd().getStoreId()).isEqualTo(5);
    }

    @Test
    void aReplacedStoreThatComesBackWithItsDataKeepsItsPeers() {
        passWithOnly(1, 2);
        registerNew(4, "127.0.0.1:3");
        assertThat(registerNew(3, "127.0.0.1:9")).isEqualTo(3);
        passWithOnly(1, 2, 4);
        assertThat(report(region).hasReplace()).isFalse();
        assertThat(driver.store(3).getReplacedBy()).isZero();
        assertThat(addressOf(3)).isEqualTo("127.0.0.1:9");
        assertThat(addressOf(4)).isEqualTo("127.0.0.1:3");
    }

    @Test
    void aKnownStoreThatMovesToASilentOnesAddressTakesTheAddressOnly() {
        passWithOnly(1, 2);
        assertThat(registerNew(2, "127.0.0.1:3")).isEqualTo(2);
        assertThat(addressOf(3)).isEmpty();
        assertThat(report(region).hasReplace()).isFalse();
        assertThat(registerNew(3, "127.0.0.1:2")).isEqualTo(3);
    }
}
