package io.flaredb.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.Progress;
import io.flaredb.bench.WarmUp;
import io.flaredb.bench.ceiling.Ceilings.Measured;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CeilingsTest {
    @Test
    void measuresEachAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Duration shortTime = Duration.ofMillis(100);
        List<Measured> measured = new ArrayList<>();

        Ceilings.measure(
                folder,
                new DataSet(200, 16, 128, 1),
                List.of(2, 16),
                new WarmUp(shortTime, shortTime),
                Duration.ofMillis(500),
                new Ceilings.Listener() {
                    @Override
                    public Progress progress(Ceiling ceiling) {
                        return Progress.NONE;
                    }

                    @Override
                    public void measured(Measured each) {
                        measured.add(each);
                    }
                });

        assertThat(measured).hasSize(2 * Ceiling.values().length - 1);
        assertThat(measured.getFirst().ceiling()).isEqualTo(Ceiling.DISK_SYNC);
        assertThat(measured.getFirst().result().options().inFlight()).isEqualTo(1);
        assertThat(measured)
                .allSatisfy(each -> {
                    assertThat(each.result().firstFailure()).isNull();
                    assertThat(each.result().conflicts()).isZero();
                    assertThat(each.result().operations()).isPositive();
                });
        assertThat(folder).isEmptyDirectory();
    }
}
