package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The script that proves a build end to end. */
class VerifyCoreIT {
    @Test
    void succeeds() {
        String script = Installation.root().resolve("scripts/verify-core.sh").toString();
        Finished finished = FlareProcess.start(List.of(script), Map.of()).awaitExit();

        assertThat(finished.exitCode()).as(finished.toString()).isZero();
    }
}
