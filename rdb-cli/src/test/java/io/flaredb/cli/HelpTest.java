package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    static Stream<String> commands() {
        List<String> commands = new ArrayList<>();
        Terminal none = new Terminal(System.in, new AnswerStream(System.out), System.err, Map.of());
        addAll("", new CommandLine(new FlaredbCommand(none)), commands);
        return commands.stream();
    }

    private static void addAll(String path, CommandLine command, List<String> commands) {
        commands.add(path);
        command.getSubcommands().forEach((name, sub) -> addAll(path + name + " ", sub, commands));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpThatFitsATerminal(String command) {
        Run run = Run.words((command + "--help"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: flaredb " + command.strip());
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(
                        run.out()
                                .lines()
                                .filter(line ->
                                        !line.isEmpty() && Character.isUpperCase(line.charAt(0))))
                .as("a description")
                .hasSizeGreaterThan(1);
        assertThat(Run.words("help " + command).out()).isEqualTo(run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "raw ", "cas ", "store ", "region ", "bench "})
    void aGroupTellsOfItsCommandsInWholeSentences(String group) {
        String help = Run.words(group + "--help").out();
        String commands = help.split("\nCommands:\n", 2)[1].split("\n\n", 2)[0];
        assertThat(commands.strip().split("\n(?=  \\S)"))
                .allMatch(each -> each.matches("(?s).*[.?]"));
    }

    @Test
    void listsExitCodes() {
        Run run = Run.flaredb("--help");
        for (ExitCode exitCode : ExitCode.values()) {
            assertThat(run.out()).containsPattern("(?m)^  " + exitCode.number() + " +\\S");
        }
        assertThat(run.out()).containsPattern("(?m)^  130 +\\S").containsPattern("(?m)^  143 +\\S");
    }

    @Test
    void breaksNoPathOverTwoLines() {
        assertThat(Run.flaredb("completion", "--help").out().lines())
                .allMatch(line -> line.startsWith(" ") || !line.endsWith("zshrc)"));
    }

    @Test
    void saysItsVersion() {
        Run run = Run.flaredb("--version");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("flaredb ").contains(", Java ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "raw --help", "help raw put", "--version", "completion"})
    void failsIfItCannotBeWritten(String command) {
        Run full = Run.writingTo(new Refusing("disk is full"), Map.of(), command.split(" "));
        assertThat(full)
                .isEqualTo(
                        new Run(
                                1,
                                "",
                                "flaredb: cannot write the answer to stdout: disk is full\n"));
        Run gone = Run.writingTo(new Refusing("Broken pipe"), Map.of(), command.split(" "));
        assertThat(gone).isEqualTo(new Run(141, "", ""));
    }

    @Test
    void completesCommandsAndOptionsInBash(@TempDir Path folder) throws Exception {
        Run run = Run.flaredb("completion");
        assertThat(run.exitCode()).isZero();
        Path script = Files.writeString(folder.resolve("completion"), run.out());
        assertThat(complete(script, "flaredb", "")).contains("raw", "cas", "dev", "status");
        assertThat(complete(script, "flaredb", "cas", ""))
                .contains("put", "get", "delete", "scan", "batch");
        assertThat(complete(script, "flaredb", "cas", "put", "--e")).contains("--expect");
        assertThat(complete(script, "flaredb", "status", "--output", "")).contains("text", "json");
        assertThat(complete(script, "flaredb", "region", ""))
                .contains("list", "check", "transfer-leader", "add-peer", "remove-peer");
        assertThat(complete(script, "flaredb", "server", "--reads", ""))
                .contains("read-index", "lease");
        assertThat(complete(script, "flaredb", "server", "--"))
                .doesNotContain("--stop-with-parent");
    }

    /** What bash offers for the last word. */
    private static List<String> complete(Path script, String... words)
            throws IOException, InterruptedException {
        String program =
                "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1));"
                        + " COMP_LINE=\"$*\"; COMP_POINT=${#COMP_LINE};"
                        + " _complete_flaredb \"$1\" \"${!#}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command =
                new ArrayList<>(List.of("bash", "-c", program, "bash", script.toString()));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(offered).isZero();
        return offered.lines().map(String::strip).toList();
    }
}
