package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.RegionCheck;
import io.flaredb.proto.region.GetCheckResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators do by hand: it goes to the leader of the region, wherever that is. */
class RegionAdminTest extends ReplicatedTest {
    private static final GetCheckResponse CHECK =
            GetCheckResponse.newBuilder()
                    .setIndex(70)
                    .setChecksum(-7)
                    .setRawRecords(3)
                    .setCasRecords(4)
                    .build();

    @BeforeEach
    void describe() {
        firstRegions.region = placement.routes.get(0).getRegion();
        firstRegions.check = CHECK;
        secondRegions.check = CHECK;
        thirdRegions.check = CHECK;
    }

    @Test
    void asksTheLeader() {
        db.cluster().transferLeader(1, 2);
        db.cluster().addPeer(1, 4);
        db.cluster().async().removePeer(1, 3).join();

        assertThat(firstRegions.asked).containsExactly("transfer 2", "add 4", "remove 3");
        assertThat(firstRegions.contexts).allMatch(context -> context.getRegionId() == 1);
    }

    @Test
    void followsTheLeader() {
        firstRegions.refusal = notLeader(3);
        db.cluster().transferLeader(1, 2);

        assertThat(firstRegions.asked).isEmpty();
        assertThat(thirdRegions.asked).containsExactly("transfer 2");
    }

    @Test
    void saysThatThereIsNoSuchRegion() {
        assertThatThrownBy(() -> db.cluster().addPeer(9, 1))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("there is no region 9");
    }

    @Test
    void saysWhyTheLeaderRefused() {
        firstRegions.failure = Status.INVALID_ARGUMENT.withDescription("store 2 has a peer");
        assertThatThrownBy(() -> db.cluster().addPeer(1, 2))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("store 2 has a peer");
    }

    @Test
    void doesNotGuessWhatBecameOfAChange() {
        firstRegions.failure = Status.UNAVAILABLE.withDescription("store 4 does not catch up");
        assertThatThrownBy(() -> db.cluster().addPeer(1, 4))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage(
                        "the change was sent and may have happened, or may still happen: store 1 at"
                                + " %s is unavailable: store 4 does not catch up",
                        storeServer.address());
        assertThat(firstRegions.asked).hasSize(1);
    }

    @Test
    void findsReplicasEqual() {
        RegionCheck check = db.cluster().checkRegion(1);

        assertThat(check.index()).isEqualTo(70);
        assertThat(check.replicas())
                .containsExactly(
                        new RegionCheck.Computed(1, -7, 3, 4),
                        new RegionCheck.Computed(2, -7, 3, 4),
                        new RegionCheck.Computed(3, -7, 3, 4));
        assertThat(check.isConsistent()).isTrue();
    }

    @Test
    void findsAReplicaThatDiffers() {
        thirdRegions.check = CHECK.toBuilder().setChecksum(8).build();

        RegionCheck check = db.cluster().checkRegion(1);

        assertThat(check.replicas().get(2)).isEqualTo(new RegionCheck.Computed(3, 8, 3, 4));
        assertThat(check.isConsistent()).isFalse();
    }

    @Test
    void comparesNothingThatWasLookedAtApart() {
        thirdRegions.check = CHECK.toBuilder().setIndex(71).build();

        RegionCheck check = db.cluster().checkRegion(1);

        assertThat(check.replicas().get(2))
                .isEqualTo(
                        new RegionCheck.Missing(
                                3, "looked at log index 71, another replica at 70"));
        assertThat(check.isConsistent()).isFalse();
    }

    @Test
    void tellsOfAReplicaThatCannotBeAsked() {
        secondServer.goAway();

        RegionCheck check = db.cluster().checkRegion(1);

        assertThat(check.replicas().get(0)).isEqualTo(new RegionCheck.Computed(1, -7, 3, 4));
        assertThat(check.replicas().get(1))
                .isInstanceOfSatisfying(
                        RegionCheck.Missing.class,
                        missing ->
                                assertThat(missing.reason())
                                        .startsWith("store 2 at " + secondServer.address())
                                        .contains("cannot be reached: connection refused"));
        assertThat(check.isConsistent()).isFalse();
    }

    @Test
    void waitsForASlowReplicaUntilItsTimeoutIsNear() {
        secondRegions.check = null;

        RegionCheck check = impatient().cluster().checkRegion(1);

        assertThat(check.replicas())
                .containsExactly(
                        new RegionCheck.Computed(1, -7, 3, 4),
                        new RegionCheck.Missing(
                                2, "store 2 at " + secondServer.address() + " has not answered"),
                        new RegionCheck.Computed(3, -7, 3, 4));
    }
}
