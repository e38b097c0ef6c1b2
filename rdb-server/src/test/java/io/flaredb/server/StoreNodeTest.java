package io.flaredb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.RegionError.KindCase;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.region.ChangeRefusedException;
import io.flaredb.server.region.RegionException;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.Command;
import io.flaredb.storage.DataFolderInUseException;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreNodeTest {
    private static final StoreOptions OPTIONS =
            StoreOptions.defaults().withHeartbeatInterval(Duration.ofMillis(100));

    @TempDir Path dataDir;
    private final FakePlacement placement = new FakePlacement();

    @Test
    void theFirstStoreTakesTheFirstRegionAndKeepsItOverARestart() throws Exception {
        try (StoreNode node = open()) {
            assertThat(node.regions()).isEmpty();
            start(node);
            RegionPeer region = node.regionOf(Bytes.utf8("k"));
            assertThat(region.self().getStoreId()).isEqualTo(FakePlacement.STORE_ID);
            node.propose(region, new Command.RawPut(Bytes.utf8("k"), Bytes.utf8("v")))
                    .get(30, TimeUnit.SECONDS);
        }
        try (StoreNode node = open()) {
            assertThat(node.identity().clusterId()).isEqualTo(FakePlacement.CLUSTER_ID);
            start(node);
            assertThat(node.regions()).hasSize(1);
            assertThat(node.engine().get(Bytes.utf8("k"))).isEqualTo(Bytes.utf8("v"));
        }
        assertThat(placement.registrations).hasSize(2);
        assertThat(placement.registrations.get(1).getStoreUuid())
                .isEqualTo(placement.registrations.get(0).getStoreUuid());
        assertThat(placement.registrations.get(1).getClusterId())
                .isEqualTo(FakePlacement.CLUSTER_ID);
    }

    @Test
    void recordsFromBeforeReplicationAreKeptAndTheirLogGoesOnBehindThem() throws Exception {
        RegionId id = new RegionId(1);
        Bytes key = Bytes.utf8("k");
        try (StorageEngine engine =
                StorageEngine.open(dataDir, StorageOptions.defaults(), Role.STORE)) {
            engine.writeIdentity(
                    new StoreIdentity(
                            Role.STORE,
                            UUID.randomUUID(),
                            FakePlacement.CLUSTER_ID,
                            FakePlacement.STORE_ID));
            engine.putRegion(id, placement.firstRegions.getFirst().toByteArray());
            for (long version = 0; version < 10; version++) {
                engine.apply(
                        id, List.of(new Command.CompareAndSwap(key, version, Bytes.utf8("old"))));
            }
        }
        for (int start = 0; start < 2; start++) {
            try (StoreNode node = open()) {
                start(node);
                assertThat(node.engine().appliedIndex(id)).isGreaterThanOrEqualTo(10);
                Outcome swapped =
                        node.propose(
                                        node.regionOf(key),
                                        new Command.CompareAndSwap(
                                                key, 10 + start, Bytes.utf8("new")))
                                .get(30, TimeUnit.SECONDS);
                assertThat(swapped).isEqualTo(new Outcome.Swapped(11 + start));
            }
        }
    }

    @Test
    void waitsForOtherStoresAsLongAsTheyAreMissing() {
        placement.missingStores = 2;
        try (StoreNode node = open()) {
            assertThat(node.join(placement, "a:1")).isEqualTo(2);
            assertThat(node.join(placement, "a:1")).isEqualTo(1);
            assertThat(node.identity().storeId()).isZero();
            start(node);
            assertThat(node.regions()).hasSize(1);
        }
        assertThat(placement.bootstraps).hasSize(3);
    }

    @Test
    void aStoreThatHasItsFirstRegionsNeverAsksForThemAgain() {
        try (StoreNode node = open()) {
            start(node);
        }
        try (StoreNode node = open()) {
            start(node);
        }
        assertThat(placement.bootstraps).hasSize(1);
    }

    @Test
    void anAnswerLostDuringBootstrapIsMendedByTheNextStart() {
        placement.failsAfterBootstrap = true;
        try (StoreNode node = open()) {
            assertThatThrownBy(() -> node.join(placement, "a:1")).hasMessage("the answer got lost");
            assertThat(node.regions()).isEmpty();
        }
        placement.failsAfterBootstrap = false;
        try (StoreNode node = open()) {
            start(node);
            assertThat(node.regions()).hasSize(1);
        }
    }

    @Test
    void aStoreThatComesSecondHoldsNoRegion() {
        placement.firstRegions = List.of();
        try (StoreNode node = open()) {
            start(node);
            assertThat(node.regions()).isEmpty();
            assertThatThrownBy(() -> node.regionOf(Bytes.utf8("k")))
                    .isInstanceOf(RegionException.class);
        }
    }

    @Test
    void refusesRequestsMeantForAnotherClusterRegionOrEpoch() {
        try (StoreNode node = open()) {
            start(node);
            Region region = node.regionOf(Bytes.utf8("k")).descriptor();
            RegionContext right =
                    RegionContext.newBuilder()
                            .setClusterId(FakePlacement.CLUSTER_ID)
                            .setRegionId(region.getId())
                            .setRegionEpoch(region.getEpoch())
                            .build();
            assertThat(node.region(right).descriptor()).isEqualTo(region);
            assertRefused(
                    node, right.toBuilder().setClusterId(1).build(), KindCase.CLUSTER_MISMATCH);
            assertRefused(
                    node, right.toBuilder().setRegionId(2).build(), KindCase.REGION_NOT_FOUND);
            assertRefused(
                    node, right.toBuilder().clearRegionEpoch().build(), KindCase.EPOCH_NOT_MATCH);
        }
    }

    @Test
    void beforeItHasJoinedItHoldsNoRegionOfAnyCluster() {
        try (StoreNode node = open()) {
            RegionContext context =
                    RegionContext.newBuilder()
                            .setClusterId(FakePlacement.CLUSTER_ID)
                            .setRegionId(1)
                            .build();
            assertRefused(node, context, KindCase.REGION_NOT_FOUND);
        }
    }

    @Test
    void tellsThePlacementDriverHowItAndItsRegionsAre() throws Exception {
        try (StoreNode node = open()) {
            start(node);
            RegionPeer region = node.regionOf(Bytes.utf8("k"));
            Outcome written =
                    node.propose(
                                    region,
                                    new Command.CompareAndSwap(Bytes.utf8("k"), 0, Bytes.utf8("v")))
                            .get(30, TimeUnit.SECONDS);
            assertThat(written).isEqualTo(new Outcome.Swapped(1));
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            placement.regionHeartbeats.stream()
                                    .anyMatch(beat -> beat.getAppliedIndex() > 0));
            var stats = placement.storeHeartbeats.getLast().getStats();
            assertThat(stats.getWritable()).isTrue();
            assertThat(stats.getRegionCount()).isEqualTo(1);
            assertThat(stats.getAvailableBytes()).isBetween(1L, stats.getCapacityBytes());
        }
    }

    @Test
    void aStoreWhoseAddressAnotherHasTakenEnds() {
        List<Throwable> fatal = new CopyOnWriteArrayList<>();
        try (StoreNode node = StoreNode.open(dataDir, OPTIONS, fatal::add)) {
            start(node);
            placement.refusal = PlacementException.refused("another cluster", new Throwable());
            int before = placement.storeHeartbeats.size();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> placement.storeHeartbeats.size() >= before + 2);
            assertThat(fatal).isEmpty();

            PlacementException taken =
                    PlacementException.notYet("store 6 has its address", new Throwable());
            placement.refusal = taken;
            await().atMost(Duration.ofSeconds(30)).until(() -> fatal.contains(taken));
        }
    }

    @Test
    void aRegionThatThePlacementDriverRefusesDoesNotHideTheOthers() {
        Region first = placement.firstRegions.getFirst();
        ByteString split = ByteString.copyFromUtf8("m");
        placement.firstRegions =
                List.of(
                        first.toBuilder().setEndKey(split).build(),
                        first.toBuilder().setId(2).setStartKey(split).build());
        for (long refused = 1; refused <= 2; refused++) { // whichever comes first
            placement.refusedRegion = refused;
            placement.regionHeartbeats.clear();
            try (StoreNode node = open()) {
                start(node);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !placement.regionHeartbeats.isEmpty());
            }
        }
    }

    @Test
    void aReplicaThatCouldNotStartIsNotStored() {
        Peer self = Peer.newBuilder().setId(9).setStoreId(FakePlacement.STORE_ID).build();
        Region other =
                Region.newBuilder()
                        .setId(2)
                        .setEndKey(ByteString.copyFromUtf8("b"))
                        .setEpoch(RegionEpoch.newBuilder().setConfVersion(3).setVersion(1))
                        .addPeers(Peer.newBuilder().setId(8).setStoreId(7))
                        .build();
        placement.firstRegions = List.of();
        try (StoreNode node = open()) {
            start(node);
            assertCannotBeMade(node, other, self.toBuilder().clearId().build());
            assertCannotBeMade(
                    node, other.toBuilder().addPeers(Peer.getDefaultInstance()).build(), self);
            assertCannotBeMade(
                    node, other.toBuilder().addPeers(self.toBuilder().setId(10)).build(), self);
            assertCannotBeMade(
                    node,
                    other.toBuilder().setStartKey(ByteString.copyFromUtf8("c")).build(),
                    self);
        }
        try (StoreNode node = open()) {
            node.join(placement, "a:1");
            node.start();
            assertThat(node.regions()).isEmpty();
        }
    }

    private static void assertCannotBeMade(StoreNode node, Region region, Peer self) {
        assertThatThrownBy(() -> node.createReplica(FakePlacement.CLUSTER_ID, region, self))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReplicaIsMadeOnlyWhenThoseOfBeforeHaveStarted() {
        try (StoreNode node = open()) {
            start(node);
        }
        Region first = placement.firstRegions.getFirst();
        Peer other = first.getPeers(0).toBuilder().setId(9).build();
        try (StoreNode node = open()) {
            node.join(placement, "a:1");
            assertThatThrownBy(() ->
                            node.createReplica(
                                    FakePlacement.CLUSTER_ID,
                                    first.toBuilder().clearPeers().build(),
                                    other))
                    .isInstanceOf(ChangeRefusedException.class);
            node.start();
            assertThat(node.regionOf(Bytes.utf8("k")).self()).isEqualTo(first.getPeers(0));
        }
    }

    @Test
    void aStoreThatStopsRefusesWritesAndReadsOn() throws Exception {
        try (StoreNode node = open()) {
            start(node);
            RegionPeer region = node.regionOf(Bytes.utf8("k"));
            Command write = new Command.RawPut(Bytes.utf8("k"), Bytes.utf8("v"));
            var accepted = node.propose(region, write);

            node.handOver();

            accepted.get(30, TimeUnit.SECONDS);
            assertThat(node.propose(region, write))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            RegionException.class,
                            e -> assertThat(e.error().hasServerIsBusy()).isTrue());
            node.readable(region).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFolderInUseIsRefusedByName() {
        try (StoreNode _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(DataFolderInUseException.class)
                    .hasMessageContaining(dataDir.toString());
        }
    }

    private void start(StoreNode node) {
        assertThat(node.join(placement, "a:1")).isZero();
        node.start();
        assertThat(node.awaitLeaders(Duration.ofSeconds(30))).isTrue();
    }

    private StoreNode open() {
        return StoreNode.open(
                dataDir,
                OPTIONS,
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    private static void assertRefused(StoreNode node, RegionContext context, KindCase expected) {
        assertThatThrownBy(() -> node.region(context))
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e -> assertThat(e.error().getKindCase()).isEqualTo(expected));
    }
}
