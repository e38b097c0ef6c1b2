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
import org.junit.jupiter.api.Test;

class RegionPeerTest {
    private static final Region FROM_B_TO_D =
            Region.newBuilder()
                    .setId(7)
                    .setStartKey(ByteString.copyFromUtf8("b"))
                    .setEndKey(ByteString.copyFromUtf8("d"))
                    .setEpoch(RegionEpoch.newBuilder().setConfVersion(1).setVersion(3))
                    .addPeers(Peer.newBuilder().setId(70).setStoreId(2))
                    .build();

    private final RegionPeer peer = new RegionPeer(FROM_B_TO_D, 2);

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
    void isNotBuiltForAStoreThatHasNoPeer() {
        assertThatThrownBy(() -> new RegionPeer(FROM_B_TO_D, 3))
                .hasMessage("region 7 has no peer on store 3");
    }

    private static void assertRefused(Runnable check, KindCase expected) {
        assertThatThrownBy(check::run)
                .isInstanceOfSatisfying(
                        RegionException.class,
                        e -> assertThat(e.error().getKindCase()).isEqualTo(expected));
    }
}
