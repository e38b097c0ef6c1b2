package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Can a cluster's network be cut, and does the cluster get over it? */
class NetworkIT {
    @TempDir Path folder;

    @Test
    void aClusterGetsOverAllKindsOfCuts() {
        Network.missing().ifPresent(Needs::missing);
        List<String> command = new ArrayList<>(Network.launcher());
        command.addAll(
                List.of(
                        Installation.java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NetworkTrial.class.getName(),
                        folder.toString()));
        try (FlareProcess trial = FlareProcess.start(command, Map.of())) {
            Finished finished = trial.awaitExit();
            assertThat(finished.exitCode()).as(finished.toString()).isZero();
        }
    }

    @Test
    void refusesToTouchTheMachinesOwnNetwork() {
        assertThatThrownBy(() -> Network.create(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unshare --net");
    }
}
