package io.flaredb.peers.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flaredb.bench.Workload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTest {
    private static final LoadArguments QUICK =
            new LoadArguments(
                    List.of("127.0.0.1:1", "127.0.0.1:2"),
                    List.of(
                            new Cell(Workload.GET, 1),
                            new Cell(Workload.PUT, 4),
                            new Cell(Workload.CAS, 4)),
                    Duration.ofMillis(50),
                    Duration.ofMillis(30),
                    Duration.ofMillis(10),
                    16,
                    100,
                    1);

    @Test
    void passesItsArgumentsThroughACommandLine() {
        assertThat(LoadArguments.parse(QUICK.toArguments())).isEqualTo(QUICK);
    }

    @Test
    void passesItsResultsThroughALine() {
        CellResult result = new CellResult("put:64", 12_345.5, 10.25, 99, 1, 2, "why");

        assertThat(CellResult.isResult(result.toLine())).isTrue();
        assertThat(CellResult.parse(result.toLine())).isEqualTo(result);
        assertThat(CellResult.isResult("INFO: connected")).isFalse();
    }

    @Test
    void refusesALoadThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Cell.parse("put"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cell.parse("put:0"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cell.parse("sing:1"));
    }

    @Test
    void measuresEachLoadWithItsKeysWrittenBefore() throws InterruptedException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        MapTarget target = new MapTarget();

        try (target) {
            Load.run(target, QUICK, new PrintStream(printed, true, UTF_8));
        }

        List<CellResult> results = printed.toString(UTF_8).lines().map(CellResult::parse).toList();
        assertThat(results).extracting(CellResult::cell).containsExactly("get:1", "put:4", "cas:4");
        assertThat(results)
                .allSatisfy(result -> {
                    assertThat(result.p50Micros()).isPositive(); // one was done, however late
                    assertThat(result.failures()).as("%s", result.firstFailure()).isZero();
                    assertThat(result.conflicts()).isZero();
                });
        assertThat(target.raw).hasSize(QUICK.keys());
        assertThat(target.versions).hasSize(QUICK.keys());
        assertThat(target.versions.values()).anyMatch(version -> version > 1);
    }
}
