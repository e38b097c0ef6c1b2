package io.flaredb.pd;

import static io.flaredb.pd.Requests.bootstrap;
import static io.flaredb.pd.Requests.heartbeat;
import static io.flaredb.pd.Requests.region;
import static io.flaredb.pd.Requests.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.pd.StoreState;
import io.flaredb.proto.pd.StoreStats;
import io.flaredb.storage.Command;
import io.flaredb.storage.DataFolderInUseException;
import io.flaredb.storage.DataFolderUnusableException;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementDriverTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final UUID A = new UUID(1, 1);
    private static final UUID B = new UUID(2, 2);
    private static final UUID C = new UUID(3, 3);

    @TempDir Path folder;

    private final AtomicLong millis = new AtomicLong(NOW);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1); // about to wrap
    private PlacementDriver driver;

    @BeforeEach
    void open() {
        driver =
                PlacementDriver.open(
                        folder.resolve("pd"),
                        new PlacementDriverOptions(
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                PlacementDriverOptions.defaults().storage(),
                                millis::get,
                                nanos::get),
                        failure -> {});
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private void reopen() {
        driver.close();
        open();
    }

    @Test
    void drawsAClusterIdOnce() {
        long id = driver.clusterId();
        assertThat(id).isPositive();
        reopen();
        assertThat(driver.clusterId()).isEqualTo(id);
        try (PlacementDriver other =
                PlacementDriver.open(
                        folder.resolve("other"),
                        PlacementDriverOptions.defaults(),
                        failure -> {})) {
            assertThat(other.clusterId()).isNotEqualTo(id);
        }
    }

    @Test
    void timestampsGrowOverAReopenWithTheClockSetBack() {
        long before = driver.allocateTimestamps(100);
        millis.set(NOW - 3_600_000);
        reopen();
        assertThat(driver.allocateTimestamps(1)).isGreaterThanOrEqualTo(before + 100);
    }

    @Test
    void theSameDataFolderGetsTheSameStoreId() {
        long a = driver.registerStore(register(A, "127.0.0.1:1")).getStoreId();
        long b = driver.registerStore(register(B, "127.0.0.1:2")).getStoreId();
        assertThat(a).isEqualTo(1);
        assertThat(b).isEqualTo(2);
        assertThat(driver.registerStore(register(A, "127.0.0.1:1")).getStoreId()).isEqualTo(a);
        reopen();
        assertThat(driver.registerStore(register(B, "127.0.0.1:2")).getStoreId()).isEqualTo(b);
        assertThat(driver.registerStore(register(C, "127.0.0.1:3")).getStoreId()).isEqualTo(3);
        assertThat(driver.stores())
                .extracting(status -> status.getStore().getId())
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void aStoreThatKnowsItsIdsIsTakenBack() {
        var first = driver.registerStore(register(A, "127.0.0.1:1"));
        var again =
                register(A, "127.0.0.1:1").toBuilder()
                        .setClusterId(first.getClusterId())
                        .setStoreId(first.getStoreId())
                        .build();
        assertThat(driver.registerStore(again)).isEqualTo(first);
    }

    @Test
    void aStoreMayMoveToAnotherAddress() {
        driver.registerStore(register(A, "127.0.0.1:1"));
        driver.registerStore(register(A, "127.0.0.1:9"));
        reopen();
        assertThat(driver.store(1).getStore().getAddress()).isEqualTo("127.0.0.1:9");
        assertThat(driver.registerStore(register(B, "127.0.0.1:1")).getStoreId()).isEqualTo(2);
    }

    @Test
    void storesWithoutANetworkShareNoAddressAndKeepTheOneTheyHad() {
        driver.registerStore(register(A, "127.0.0.1:1"));
        driver.registerStore(register(A, ""));
        assertThat(driver.store(1).getStore().getAddress()).isEqualTo("127.0.0.1:1");
        driver.registerStore(register(B, ""));
        assertThat(driver.registerStore(register(C, "")).getStoreId()).isEqualTo(3);
    }

    @Test
    void refusesADataFolderOfAnotherCluster() {
        var request = register(A, "127.0.0.1:1").toBuilder().setClusterId(7).setStoreId(1).build();
        assertThatThrownBy(() -> driver.registerStore(request))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(
                        "data folder belongs to cluster 7, this placement driver serves cluster %d",
                        driver.clusterId());
        assertThat(driver.stores()).isEmpty();
    }

    @Test
    void refusesADataFolderItShouldKnowButDoesNot() {
        var request =
                register(A, "127.0.0.1:1").toBuilder()
                        .setClusterId(driver.clusterId())
                        .setStoreId(4)
                        .build();
        assertThatThrownBy(() -> driver.registerStore(request))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(
                        "data folder says it is store 4 of cluster %d, but this placement driver"
                                + " does not know it: one of the two data folders was replaced",
                        driver.clusterId());
    }

    @Test
    void refusesADataFolderThatClaimsAnotherStoreId() {
        driver.registerStore(register(A, "127.0.0.1:1"));
        var request =
                register(A, "127.0.0.1:1").toBuilder()
                        .setClusterId(driver.clusterId())
                        .setStoreId(4)
                        .build();
        assertThatThrownBy(() -> driver.registerStore(request))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(
                        "data folder says it is store 4, this placement driver knows it as store"
                                + " 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "127.0.0.1", "127.0.0.1:0", "http://a:1", "a:65536"})
    void refusesAnAddressNobodyCouldReach(String address) {
        assertThatThrownBy(() -> driver.registerStore(register(A, address)))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessageStartingWith("address \"" + address + "\"");
    }

    @Test
    void refusesAUuidThatIsNone() {
        var request =
                register(A, "a:1").toBuilder()
                        .setStoreUuid(com.google.protobuf.ByteString.copyFromUtf8("short"))
                        .build();
        assertThatThrownBy(() -> driver.registerStore(request))
                .isInstanceOf(PlacementDriverException.InvalidRequest.class)
                .hasMessage("store_uuid has 5 bytes: it must have 16");
    }

    @Test
    void keepsWhatTheLastHeartbeatSaid() {
        driver.registerStore(register(A, "127.0.0.1:1"));
        millis.addAndGet(5_000);
        StoreStats stats = StoreStats.newBuilder().setCapacityBytes(100).setWritable(true).build();
        driver.storeHeartbeat(heartbeat(driver.clusterId(), 1).toBuilder().setStats(stats).build());
        reopen();
        assertThat(driver.store(1).getStats()).isEqualTo(stats);
        assertThat(driver.store(1).getLastHeartbeatMs()).isEqualTo(NOW + 5_000);
    }

    @Test
    void aStoreIsUpForTenSecondsAfterItWasHeardOfWhateverTheWallClockSays() {
        driver.registerStore(register(A, "127.0.0.1:1"));
        assertThat(stateOfStore1()).isEqualTo(StoreState.STORE_STATE_UP);
        millis.addAndGet(3_600_000);
        nanos.addAndGet(10_000_000_000L);
        assertThat(stateOfStore1()).isEqualTo(StoreState.STORE_STATE_UP);
        nanos.addAndGet(1);
        assertThat(stateOfStore1()).isEqualTo(StoreState.STORE_STATE_DISCONNECTED);
        driver.storeHeartbeat(heartbeat(driver.clusterId(), 1));
        assertThat(stateOfStore1()).isEqualTo(StoreState.STORE_STATE_UP);
        reopen();
        assertThat(stateOfStore1()).isEqualTo(StoreState.STORE_STATE_DISCONNECTED);
    }

    private StoreState stateOfStore1() {
        return driver.store(1).getState();
    }

    @Test
    void refusesAHeartbeatOfAStoreItDoesNotKnow() {
        assertThatThrownBy(() -> driver.storeHeartbeat(heartbeat(driver.clusterId(), 9)))
                .isInstanceOf(PlacementDriverException.NotFound.class)
                .hasMessage("no store 9 is registered");
        assertThatThrownBy(() -> driver.store(9))
                .isInstanceOf(PlacementDriverException.NotFound.class);
    }

    @Test
    void refusesRequestsForAnotherCluster() {
        String message =
                "the request is for cluster 7, this placement driver serves cluster "
                        + driver.clusterId();
        assertThatThrownBy(() -> driver.storeHeartbeat(heartbeat(7, 1)))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(message);
        assertThatThrownBy(() -> driver.bootstrap(bootstrap(7, 1, 1)))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(message);
        assertThatThrownBy(() ->
                        driver.regionHeartbeat(Requests.report(7, region(1, "", "", 1), 0, 0)))
                .isInstanceOf(PlacementDriverException.WrongCluster.class)
                .hasMessage(message);
    }

    @Test
    void refusesADataFolderThatIsInUse() {
        assertThatThrownBy(() ->
                        PlacementDriver.open(
                                folder.resolve("pd"),
                                PlacementDriverOptions.defaults(),
                                failure -> {}))
                .isInstanceOf(DataFolderInUseException.class);
    }

    @Test
    void refusesAStoresDataFolder() {
        Path store = folder.resolve("store");
        try (StorageEngine engine = StorageEngine.open(store, StorageOptions.defaults())) {
            engine.writeIdentity(new StoreIdentity(Role.STORE, A, 0, 0));
        }
        assertThatThrownBy(() ->
                        PlacementDriver.open(
                                store, PlacementDriverOptions.defaults(), failure -> {}))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessageContaining("belongs to a store, not to a placement driver");
    }

    @Test
    void refusesARecordItDidNotWriteAndLetsGoOfTheFolder() {
        driver.close();
        try (StorageEngine engine =
                StorageEngine.open(folder.resolve("pd"), StorageOptions.defaults())) {
            engine.apply(
                    RegionId.STORE,
                    List.of(new Command.RawPut(Bytes.utf8("tso-bound"), Bytes.utf8("soon"))));
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "the data folder holds a record that no placement driver wrote: key"
                                + " \"tso-bound\"");
        StorageEngine.open(folder.resolve("pd"), StorageOptions.defaults()).close();
    }
}
