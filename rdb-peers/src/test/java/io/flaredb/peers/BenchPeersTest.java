package io.flaredb.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchPeersTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--seconds=0",
                "--warm-up=-5",
                "--settle=-1",
                "--nodes=8",
                "--in-flight=0",
                "--in-flight=64,0",
                "--in-flight=64,64",
                "--workloads=sing",
                "--workloads=put,put",
                "--peers=etcd,etcd",
                "--peers=mongo",
                "--data=/no/such",
                "--what"
            })
    void aWrongCommandLineEndsWithTwo(String argument) {
        assertThat(run(argument)).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aComparisonOfNothingHasFailed() {
        assertThat(run("--peers=etcd,redis")).isEqualTo(1); // which are not there
        assertThat(folder).isEmptyDirectory();
    }

    private int run(String argument) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--root=" + folder);
        arguments.add("--report=" + folder.resolve("report"));
        if (!argument.startsWith("--data")) {
            arguments.add("--data=" + folder);
        }
        arguments.add(argument);
        return BenchPeers.execute(arguments.toArray(String[]::new));
    }
}
