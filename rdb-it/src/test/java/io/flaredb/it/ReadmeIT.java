package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens: its session and its program, run as they stand there. */
class ReadmeIT {
    private static final String PROMPT = "$ ";
    private static final String DEFAULT_PD = "127.0.0.1:2379";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");

    /** Timestamps differ from run to run. */
    private static final Pattern LARGE_NUMBER = Pattern.compile("\\d{15,}");

    private record Block(String language, String text) {}

    /** A command line of the session and what the README says it prints. */
    private record Step(String command, StringBuilder output) {}

    @TempDir Path folder;

    @Test
    void theSessionAnswersAsShown() throws IOException {
        List<Step> steps = session();
        assertThat(steps).hasSizeGreaterThan(8);
        try (Cluster cluster = Cluster.started(folder)) {
            int lastExitCode = 0;
            for (Step step : steps) {
                String command = step.command().replace("$?", Integer.toString(lastExitCode));
                Finished finished =
                        FlareProcess.start(
                                        List.of("bash", "-c", "exec 2>&1; " + command),
                                        Map.of("FLAREDB_PD", cluster.pdAddress()))
                                .awaitExit();
                lastExitCode = finished.exitCode();
                assertThat(masked(finished.stdout()))
                        .as(step.command())
                        .isEqualTo(masked(step.output().toString()));
            }
        }
    }

    @Test
    void theProgramPrintsWhatIsShown() throws IOException {
        List<Block> blocks = blocks();
        int program = indexOfJava(blocks);
        String shown = blocks.get(program + 1).text();
        try (Cluster cluster = Cluster.started(folder)) {
            Path source = folder.resolve("Example.java");
            Files.writeString(
                    source, blocks.get(program).text().replace(DEFAULT_PD, cluster.pdAddress()));
            Finished finished =
                    FlareProcess.start(
                                    List.of(
                                            Installation.java(),
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            source.toString()),
                                    Map.of())
                            .awaitExit();
            assertThat(finished.stdout()).as(finished.toString()).isEqualToIgnoringNewLines(shown);
        }
    }

    private static List<Step> session() throws IOException {
        List<Step> steps = new ArrayList<>();
        for (Block block : blocks()) {
            // The first block of a session starts the store, which the test has done.
            if (!block.text().startsWith(PROMPT) || block.text().contains("flaredb dev")) {
                continue;
            }
            for (String line : block.text().lines().toList()) {
                if (line.startsWith(PROMPT)) {
                    steps.add(new Step(line.substring(PROMPT.length()), new StringBuilder()));
                } else {
                    steps.getLast().output().append(line).append('\n');
                }
            }
        }
        return steps;
    }

    private static List<Block> blocks() throws IOException {
        String readme = Files.readString(Installation.root().resolve("README.md"));
        return BLOCK.matcher(readme)
                .results()
                .map(found -> new Block(found.group(1), found.group(2)))
                .toList();
    }

    private static int indexOfJava(List<Block> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).language().equals("java")) {
                return i;
            }
        }
        throw new AssertionError("the README shows no Java program");
    }

    private static String masked(String output) {
        return LARGE_NUMBER.matcher(output.strip()).replaceAll("N");
    }
}
