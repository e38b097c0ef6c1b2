package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.KeyRange;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionCheck.Computed;
import io.flaredb.client.RegionCheck.Missing;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.UnavailableException;
import java.util.List;
import java.util.OptionalLong;
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
    void aRegionThatCannotBeCheckedHidesNothingOfTheOthers() {
        List<RegionCheck> checks =
                RegionCheckCommand.checkAll(
                        List.of(info(1), info(9)),
                        id -> {
                            if (id == 1) {
                                throw new UnavailableException("no leader");
                            }
                            return DIFFERENT;
                        });

        assertThat(checks)
                .containsExactly(
                        new RegionCheck(
                                1,
                                0,
                                List.of(new Missing(4, "no leader"), new Missing(5, "no leader"))),
                        DIFFERENT);
        assertThat(RegionCheckCommand.complaint(checks))
                .hasMessage(
                        "region 1: no replica was looked at: no leader; region 9: its replicas"
                                + " differ; region 9: the replica on store 3 was not looked at: is"
                                + " down")
                .extracting(CommandException::exitCode)
                .isEqualTo(ExitCode.FAILED);
    }

    @Test
    void saysApartFromADifferenceThatARegionCouldNotBeChecked() {
        List<RegionCheck> checks =
                RegionCheckCommand.checkAll(
                        List.of(info(1)),
                        id -> {
                            throw new UnavailableException("no leader");
                        });

        assertThat(RegionCheckCommand.complaint(checks))
                .hasMessage("region 1: no replica was looked at: no leader")
                .extracting(CommandException::exitCode)
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(RegionCheckCommand.complaint(List.of(SAME))).isNull();
    }

    private static RegionInfo info(long id) {
        return new RegionInfo(
                id,
                KeyRange.ALL,
                new RegionInfo.Epoch(1, 1),
                List.of(4L, 5L),
                OptionalLong.empty(),
                0,
                0,
                0);
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
