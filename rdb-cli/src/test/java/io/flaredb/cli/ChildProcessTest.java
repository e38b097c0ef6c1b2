package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildProcessTest {
    /** Java itself ends with 3 when it is out of memory, which is no conflict. */
    @ParameterizedTest
    @CsvSource({"1,FAILED", "2,USAGE", "3,FAILED", "4,FAILED", "5,UNAVAILABLE", "6,FAILED"})
    void onlyWhatServersEndWithByThemselvesIsHandedOn(int status, ExitCode expected)
            throws IOException {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        ChildProcess child =
                new ChildProcess(
                        "store-1",
                        "server",
                        Path.of("data"),
                        new ProcessBuilder("sh", "-c", "exit " + status).start(),
                        nowhere);

        Throwable failure = catchThrowable(() -> child.ready().get(60, TimeUnit.SECONDS));

        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        CommandException.class,
                        ended -> assertThat(ended.exitCode()).isEqualTo(expected))
                .hasMessage("store-1: ended with exit code " + status + " before it was ready");
    }
}
