package io.flaredb.peers.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.peers.system.Processes.Child;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
    @TempDir Path logs;

    @Test
    void keepsNothingOfAnEarlierRunWithTheSameFolder() throws Exception {
        run("earlier");
        Child child = run("later");

        assertThat(child.output()).hasContent("later");
    }

    private Child run(String text) throws Exception {
        try (Processes processes = new Processes(logs, "round-1-sh")) {
            Child child = processes.start("client", List.of("/bin/echo", text), Map.of());
            assertThat(child.process().waitFor()).isZero();
            return child;
        }
    }
}
