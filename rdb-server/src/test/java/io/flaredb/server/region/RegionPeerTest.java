package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.kv.RegionError.KindCase;
import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import io.flaredb.storage.Role;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.StorageOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegionPeerTest {
    private static final Region FROM_B_TO_D =
            Region.newBuilder()
                    .setId(7)
                    .setStartKey(ByteString.copyFromUtf8("b"))
                    .setEndKey(ByteString.copyFromUtf8("d"))
                    .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(3))
                    .addPeers(Peer.newBuilder().setId(70).setStoreId(2))
                    .build();

    @TempDir Path dataDir;
    private StorageEngine engine;
    private RegionPeer peer;

    @BeforeEach
    void open() {
        engine = StorageEngine.open(dataDir, StorageOptions.defaults(), Role.STORE);
        peer = new RegionPeer(engine, FROM_B_TO_D, FROM_B_TO_D.getPeers(0), new AtomicInteger());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void holdsItsFirstKeyAndNotItsEndKey() {
        peer.checkContains(Bytes.utf8("b"));
        peer.checkContains(Bytes.utf8("czzz"));
        assertRefused(() -> peer.checkContains(Bytes.utf8("a")), KindCase.KEY_NOT_IN_REGION);
        assertRefused(() -> peer.checkContains(Bytes.utf8("d")), KindCase.KEY_NOT_IN_REGION);
    }

    @Test
    void refusesARequestOfAnotherEpochAndTellsTheCurrentRegion() {
        peer.checkEpoch(FROM_B_TO_D.getEpoch());
        RegionEpoch older = RegionEpoch.newBuilder().setConfVersion(1).setVersion(2).build();
        assertThatThrownBy(() -> peer.checkEpoch(older))
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e ->
                                assertThat(e.error().getEpochNotMatch().getCurrentRegionsList())
                                        .containsExactly(FROM_B_TO_D));
    }

    @Test
    void clampsARangeToWhatItHolds() {
        assertThat(peer.clamp(KeyRange.ALL))
                .isEqualTo(new KeyRange(Bytes.utf8("b"), Bytes.utf8("d")));
        assertThat(peer.clamp(new KeyRange(Bytes.utf8("c"), Bytes.utf8("x"))))
                .isEqualTo(new KeyRange(Bytes.utf8("c"), Bytes.utf8("d")));
        assertRefused(
                () -> peer.clamp(new KeyRange(Bytes.utf8("a"), Bytes.utf8("c"))),
                KindCase.KEY_NOT_IN_REGION);
    }

    @Test
    void followsADescriptorOnlyFromTheEpochBefore() {
        Region next = withPeers(2, 70, 71);
        peer.follow(withPeers(3, 70, 72));
        assertThat(peer.descriptor()).isEqualTo(FROM_B_TO_D);
        peer.follow(next);
        assertThat(peer.descriptor()).isEqualTo(next);
        peer.follow(withPeers(2, 70, 73));
        assertThat(peer.descriptor()).isEqualTo(next);
        assertThat(engine.regions().get(peer.id())).isEqualTo(next.toByteArray());
    }

    @Test
    void staysAPeerWhenInstalledRecordsDoNotKnowItYet() {
        Region there = withPeers(4, 71, 72);
        peer.installed(there.toByteArray());
        assertThat(peer.descriptor().getEpoch()).isEqualTo(there.getEpoch());
        assertThat(peer.descriptor().getPeersList()).contains(peer.self());
        peer.installed(withPeers(3, 70).toByteArray());
        assertThat(peer.descriptor().getEpoch()).isEqualTo(there.getEpoch());
    }

    @Test
    void assumesThatItIsAMemberUntilADescriptorSaysSo() {
        peer.installed(withPeers(4, 71, 72).toByteArray());
        assertThat(peer.isMembershipAssumed()).isTrue();
        peer.follow(withPeers(5, 70, 71, 72));
        assertThat(peer.isMembershipAssumed()).isFalse();

        peer.installed(withPeers(6, 70, 71).toByteArray());
        assertThat(peer.isMembershipAssumed()).isFalse();
    }

    @Test
    void doesNotLeadBeforeItsGroupRuns() {
        assertRefused(peer::checkLeads, KindCase.NOT_LEADER);
    }

    private static Region withPeers(long confVersion, long... peerIds) {
        Region.Builder region =
                FROM_B_TO_D.toBuilder()
                        .setEpoch(
                                RegionEpoch.newBuilder().setConfVersion(confVersion).setVersion(3))
                        .clearPeers();
        for (long id : peerIds) {
            region.addPeers(Peer.newBuilder().setId(id).setStoreId(id == 70 ? 2 : id));
        }
        return region.build();
    }

    private static void assertRefused(Runnable check, KindCase expected) {
        assertThatThrownBy(check::run)
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e -> assertThat(e.error().getKindCase()).isEqualTo(expected));
    }
}
