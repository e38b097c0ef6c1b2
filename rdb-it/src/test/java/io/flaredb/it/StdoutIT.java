package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command does whose answer cannot be written. */
class StdoutIT {
    @TempDir Path folder;

    @Test
    void aReaderThatHasGoneEndsACommandSilently() {
        String fifo = folder.resolve("fifo").toString();
        // Open for reading too, or opening it would wait for a reader.
        Finished finished =
                run("mkfifo " + fifo + "; exec 3<>" + fifo + " 4>" + fifo + " 3<&-; \"$@\" >&4");

        assertThat(finished).isEqualTo(new Finished(141, "", ""));
    }

    @Test
    void aFullDiskIsAFailure() {
        Finished finished = run("\"$@\" >/dev/full");

        assertThat(finished.exitCode()).isEqualTo(1);
        assertThat(finished.complaint())
                .isEqualTo("flaredb: cannot write the answer to stdout: No space left on device");
    }

    /** Runs {@code flaredb completion} as {@code "$@"} of a script. */
    private static Finished run(String script) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.addAll(Installation.flaredb("completion"));
        return FlareProcess.start(command, Map.of()).awaitExit();
    }
}
