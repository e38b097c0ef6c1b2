package io.flaredb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script {@code bin/flaredb}, copied into a checkout of its own with JDKs and a Maven that only
 * pretend. It looks for a Java 999 there, so that no real JDK of this machine is ever found.
 */
class LauncherTest {
    @TempDir private Path folder;

    private Path checkout;
    private Path jar;
    private Path home;
    private Path tools;
    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void makeACheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("check out"));
        jar = checkout.resolve("rdb-cli/target/flaredb.jar");
        home = Files.createDirectories(folder.resolve("home"));
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("bash", "dirname", "readlink", "sed", "mkdir")) {
            link(tool);
        }
        String script = Files.readString(Path.of("../bin/flaredb"));
        assertThat(script).contains("NEEDED_JAVA=25");
        Files.createDirectories(checkout.resolve("bin"));
        program(
                checkout.resolve("bin/flaredb"),
                script.replace("NEEDED_JAVA=25", "NEEDED_JAVA=999"));
        build();
        env.put("PATH", tools.toString());
        env.put("HOME", home.toString());
    }

    @Test
    void takesTheVariablesInTheirOrder() throws Exception {
        Path first = jdk("first", "999.0.1");
        Path second = jdk("second", "1000-ea");
        env.put("FLAREDB_JAVA_HOME", first.toString());
        env.put("JAVA_HOME", second.toString());
        assertThat(launch().out()).contains("java=" + first.resolve("bin/java"));
        env.put("FLAREDB_JAVA_HOME", jdk("old", "17.0.15").toString());
        assertThat(launch().out()).contains("java=" + second.resolve("bin/java"));
    }

    @Test
    void looksIntoTheUsualFolders() throws Exception {
        Path sdkman = jdk("home/.sdkman/candidates/java/999-tem", "999");
        assertThat(launch().out()).contains("java=" + sdkman.resolve("bin/java"));
        Files.delete(sdkman.resolve("release"));
        Path idea = jdk("home/.jdks/openjdk-999", "999");
        assertThat(launch().out()).contains("java=" + idea.resolve("bin/java"));
    }

    @Test
    void asksTheJavaOnThePathLast() throws Exception {
        Path real = jdk("elsewhere", "999.1");
        program(tools.resolve("java"), "echo '    java.home = " + real + "' >&2");
        assertThat(launch().out()).contains("java=" + real.resolve("bin/java"));
    }

    @Test
    void saysWhatIsMissingAndWhichVariablesMislead() throws Exception {
        env.put("FLAREDB_JAVA_HOME", folder.resolve("no where").toString());
        env.put("JAVA_HOME", jdk("old", "17.0.15").toString());
        Run run = launch();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("flaredb: needs Java 999 or newer and found none: ")
                .contains("FLAREDB_JAVA_HOME=" + folder.resolve("no where") + " holds no Java.")
                .contains("JAVA_HOME=" + folder.resolve("old") + " is Java 17.")
                .hasLineCount(1);
    }

    @Test
    void worksThroughSymbolicLinksFromAnyFolder() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        env.put("CDPATH", folder.toString());
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("absolute"), checkout.resolve("bin/flaredb"));
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("absolute"));
        Run run = run(home, List.of("bin/relative", "status"));
        assertThat(run.out()).contains("arg=" + jar.toRealPath());
    }

    @Test
    void handsArgumentsOverAsTheyAre() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        env.put("FLAREDB_JAVA_OPTS", "-Xmx1g  -Dglob=*");
        env.put("LC_ALL", "C");
        Run run = launch("raw", "put", "two words", "", "*", "--");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("arg=-Xmx1g\narg=-Dglob=*\narg=-jar\n")
                .endsWith("arg=raw\narg=put\narg=two words\narg=\narg=*\narg=--\n")
                .contains("LC_ALL=C.UTF-8\n")
                .contains("arg=-Djava.library.path=" + checkout.toRealPath());
    }

    @Test
    void onlyProcessesThatStayGetTheFlagsOfOne() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        String quickStart = "arg=-XX:TieredStopAtLevel=1";
        assertThat(launch("--pd", "dev", "-o", "json", "status").out()).contains(quickStart);
        assertThat(launch("dev").out()).doesNotContain(quickStart);
        assertThat(launch("-o=json", "--timeout", "1s", "server").out())
                .doesNotContain(quickStart)
                .contains("arg=-XX:+ExitOnOutOfMemoryError");
    }

    @Test
    void buildsOnFirstUseOnly() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        Files.delete(jar);
        maven("echo \"$@\" >>" + folder.resolve("builds") + "; echo built; : >'" + jar + "'");
        Run first = launch("status");
        assertThat(first.err())
                .isEqualTo(
                        "flaredb: first use, building "
                                + checkout.toRealPath()
                                + " (a minute or two)\nbuilt\n");
        assertThat(first.out()).startsWith("java=");
        assertThat(launch("status").err()).isEmpty();
        assertThat(folder.resolve("builds")).content().hasLineCount(1).contains("-pl rdb-cli -am");
    }

    @Test
    void twoFirstUsesAtOnceBuildOnce() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        Files.delete(jar);
        Path builds = folder.resolve("builds");
        Path lockings = folder.resolve("lockings");
        Path gate = folder.resolve("gate");
        assertThat(new ProcessBuilder("mkfifo", gate.toString()).start().waitFor()).isZero();
        maven("echo build >>" + builds + "; read -r open <" + gate + "; : >'" + jar + "'");
        program(
                tools.resolve("flock"),
                "echo lock >>" + lockings + "; exec " + real("flock") + " 9");
        Process first = start(home, List.of(checkout.resolve("bin/flaredb").toString()));
        Process second = start(home, List.of(checkout.resolve("bin/flaredb").toString()));
        try {
            // Both are at the lock, and the one that has it builds, when the build may end.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> lines(lockings) == 2 && lines(builds) == 1);
            Files.writeString(gate, "open\n");
            assertThat(first.waitFor()).isZero();
            assertThat(second.waitFor()).isZero();
        } finally {
            first.destroyForcibly();
            second.destroyForcibly();
        }
        assertThat(lines(builds)).isEqualTo(1);
    }

    @Test
    void saysThatItCannotBuild() throws Exception {
        env.put("JAVA_HOME", jdk("jdk", "999").toString());
        Files.delete(jar);
        Run without = launch("status");
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err()).contains("needs Maven (mvn), which is not on the PATH");
        maven("echo 'BUILD FAILURE'; exit 1");
        Run failing = launch("status");
        assertThat(failing.exitCode()).isEqualTo(1);
        assertThat(failing.err()).endsWith("BUILD FAILURE\nflaredb: the build failed, see above\n");
        assertThat(failing.out()).isEmpty();
    }

    private Run launch(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("bin/flaredb").toString()));
        command.addAll(List.of(args));
        return run(home, command);
    }

    private Run run(Path directory, List<String> command) throws Exception {
        Process process = start(directory, command);
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), out, err);
    }

    private Process start(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private void build() throws IOException {
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "");
    }

    private void maven(String script) throws IOException {
        program(tools.resolve("mvn"), script);
    }

    /** A JDK whose java says how it was called. */
    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(
                jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(
                jdk.resolve("bin/java"),
                """
                echo "java=$0"
                echo "LC_ALL=$LC_ALL"
                printf 'arg=%s\\n' "$@"
                """);
        return jdk;
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, script.startsWith("#!") ? script : "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes a tool of this machine one of the few that the script can find. */
    private void link(String tool) throws IOException {
        program(tools.resolve(tool), "exec " + real(tool) + " \"$@\"");
    }

    private static Path real(String tool) {
        return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                .map(bin -> Path.of(bin, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this machine has no " + tool));
    }

    private static int lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }
}
