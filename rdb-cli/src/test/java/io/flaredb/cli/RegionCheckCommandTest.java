package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionCheck.Computed;
import io.flaredb.client.RegionCheck.Missing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of replicas that agree, differ, or were not looked at. */
class RegionCheckCommandTest {
    private static final RegionCheck SAME =
            new RegionCheck(2, 70, List.of(new Computed(1, -1, 5, 6), new Computed(3, -1, 5, 6)));
    private static final RegionCheck DIFFERENT =
            new RegionCheck(
                    9,
                    80,
                    List.of(
                            new Computed(1, 10, 5, 6),
                            new Computed(2, 11, 5, 6),
                            new Missing(3, "is down")));

    @Test
    void tellsReplicasThatDifferFromThoseThatWereNotLookedAt() {
        assertThat(RegionCheckCommand.differ(SAME)).isFalse();
        assertThat(RegionCheckCommand.differ(DIFFERENT)).isTrue();
        RegionCheck down =
                new RegionCheck(
                        1, 7, List.of(new Computed(1, 10, 5, 6), new Missing(2, "is down")));
        assertThat(RegionCheckCommand.differ(down)).isFalse();
        assertThat(down.isConsistent()).isFalse();
    }

    @Test
    void countsRecordsToo() {
        RegionCheck counts =
                new RegionCheck(
                        1, 7, List.of(new Computed(1, 10, 5, 6), new Computed(2, 10, 5, 7)));
        assertThat(RegionCheckCommand.differ(counts)).isTrue();
    }

    @Test
    void showsEachReplicaOnALine() {
        assertThat(RegionCheckCommand.table(List.of(SAME, DIFFERENT)).lines())
                .containsExactly(
                        "REGION  INDEX  STORE  CHECKSUM          RAW  CAS  RESULT",
                        "2       70     1      ffffffffffffffff  5    6    same",
                        "2       70     3      ffffffffffffffff  5    6    same",
                        "9       80     1      000000000000000a  5    6    differs",
                        "9       80     2      000000000000000b  5    6    differs",
                        "9       80     3      -                 -    -    none");
    }

    @Test
    void tellsProgramsAllOfIt() {
        assertThat(RegionCheckCommand.json(List.of(SAME)).toString())
                .isEqualTo(
                        "{\"consistent\":true,\"regions\":[{\"id\":2,\"consistent\":true,"
                                + "\"index\":70,\"replicas\":["
                                + "{\"store\":1,\"checksum\":\"ffffffffffffffff\","
                                + "\"raw_records\":5,\"cas_records\":6},"
                                + "{\"store\":3,\"checksum\":\"ffffffffffffffff\","
                                + "\"raw_records\":5,\"cas_records\":6}]}]}");
        assertThat(RegionCheckCommand.json(List.of(SAME, DIFFERENT)).toString())
                .startsWith("{\"consistent\":false,")
                .contains("{\"store\":3,\"missing\":\"is down\"}");
    }
}
