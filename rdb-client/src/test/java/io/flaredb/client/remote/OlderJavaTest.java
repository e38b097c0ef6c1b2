package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client runs inside other people's programs, on Java 17 and later. Tried with the {@code java}
 * on the path; skipped if that is none of 17 to 24.
 */
class OlderJavaTest extends RemoteTest {
    private static final Pattern VERSION = Pattern.compile("^\\S+ (\\d+)");

    @TempDir Path dataDir;

    @Test
    void runsOnAnOlderJava() throws Exception {
        Matcher version = VERSION.matcher(run("--version"));
        Assumptions.assumeTrue(version.find(), "there is no java on the path");
        int java = Integer.parseInt(version.group(1));
        Assumptions.assumeTrue(java >= 17 && java < 25, "the java on the path is " + java);

        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        String output =
                run(
                        "-cp",
                        classPath,
                        OlderJavaProgram.class.getName(),
                        placementServer.address(),
                        dataDir.toString());

        assertThat(output.lines())
                .containsExactly(
                        "k=v",
                        "Swapped[version=1]",
                        "2",
                        "true",
                        "an embedded FlareDB needs Java 25 or newer: this is Java " + java);
    }

    private static String run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("java"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
