package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.IOException;
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
    void nothingOutlivesALauncherThatIsKilled() throws IOException {
        Network.missing().ifPresent(Needs::missing);
        List<String> command = new ArrayList<>(Network.launcher());
        command.addAll(List.of("sh", "-c", "sleep 1000 & wait"));
        Process launcher = new ProcessBuilder(command).start();
        List<ProcessHandle> started = new ArrayList<>();
        try {
            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> launcher.descendants().anyMatch(NetworkIT::isSleep));
            launcher.descendants().forEach(started::add);

            launcher.destroyForcibly();

            await().atMost(FlareProcess.DEADLINE)
                    .until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }

    private static boolean isSleep(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("sleep");
    }

    @Test
    void refusesToTouchTheMachinesOwnNetwork() {
        assertThatThrownBy(() -> Network.create(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unshare --net");
    }
}
