package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps the repository tidy: rules that no compiler checks. */
class SourceTreeTest {
    private static final Path ROOT = Installation.root();
    private static final int MOST_LINES = 450;

    // Put together here, so that this file does not break its own rules.
    private static final Pattern LEFT_UNDONE =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    private static final Pattern SLEEP =
            Pattern.compile("Thread\\s*\\.\\s*sl" + "eep|TimeUnit\\S*\\.sl" + "eep");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public (?:\\w+ )*(?:class|interface|record|enum|@interface) ");

    @Test
    void leavesNothingUndone() {
        assertThat(linesOfSources(LEFT_UNDONE.asPredicate())).isEmpty();
    }

    /** A test that sleeps is slow and still fails on a busy machine: wait for a condition. */
    @Test
    void sleepsNowhere() {
        assertThat(linesOfSources(SLEEP.asPredicate())).isEmpty();
    }

    @Test
    void printsNoStackTraceAndDisablesNoTest() {
        Pattern forbidden = Pattern.compile("printStack" + "Trace\\(\\)|@Dis" + "abled");

        assertThat(linesOfSources(forbidden.asPredicate())).isEmpty();
    }

    @Test
    void keepsFilesShort() {
        Map<Path, Integer> tooLong = new TreeMap<>();
        for (Path file : javaSources()) {
            int lines = lines(file).size();
            if (lines > MOST_LINES) {
                tooLong.put(file, lines);
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void documentsEveryPublicType() {
        List<Path> undocumented =
                javaSources().stream()
                        .filter(file -> PUBLIC_TYPE.matcher(read(file)).find())
                        .filter(file -> !hasJavadocBeforeItsType(read(file)))
                        .toList();

        assertThat(undocumented).isEmpty();
    }

    private static boolean hasJavadocBeforeItsType(String source) {
        var type = PUBLIC_TYPE.matcher(source);
        return type.find() && source.substring(0, type.start()).contains("/**");
    }

    @Test
    void describesEveryPackageInAFileOfItsOwn() {
        List<Path> bare =
                javaSources().stream()
                        .map(Path::getParent)
                        .filter(folder -> folder.toString().contains("/java/"))
                        .distinct()
                        .filter(folder -> !isDescribed(folder))
                        .toList();

        assertThat(bare).isEmpty();
    }

    /** A package that main and test sources share is described in the main ones. */
    private static boolean isDescribed(Path folder) {
        Path main = Path.of(folder.toString().replace("/src/test/java/", "/src/main/java/"));
        return Stream.of(folder, main)
                .map(each -> each.resolve("package-info.java"))
                .anyMatch(file -> Files.exists(file) && read(file).contains("@NullMarked"));
    }

    @Test
    void commitsNothingThatIsGenerated() {
        List<String> generated =
                trackedFiles().stream()
                        .filter(file ->
                                file.contains("/target/")
                                        || file.matches(".*\\.(class|jar|so|o|log|iml|sst)")
                                        || file.matches(".*(Grpc|OuterClass)\\.java"))
                        .toList();

        assertThat(generated).isEmpty();
    }

    @Test
    void hasWhatAVisitorLooksFor() {
        assertThat(read(ROOT.resolve("LICENSE"))).contains("Apache License", "Version 2.0");
        for (String file : List.of("CHANGELOG.md", "flake.nix", ".ci/run")) {
            assertThat(ROOT.resolve(file)).isNotEmptyFile();
        }
        for (String script :
                List.of(
                        "bin/flaredb",
                        "scripts/verify-core.sh",
                        "scripts/crash-loop.sh",
                        "scripts/failover.sh",
                        "scripts/torture.sh",
                        "scripts/bench-micro.sh",
                        "scripts/bench-peers.sh",
                        "scripts/ycsb.sh")) {
            assertThat(ROOT.resolve(script)).isExecutable();
        }
    }

    /** Empty in a source archive, which has no git to ask. */
    private static List<String> trackedFiles() {
        if (!Files.exists(ROOT.resolve(".git"))) {
            return List.of();
        }
        Finished git = FlareProcess.start(List.of("git", "ls-files"), Map.of()).awaitExit();
        assertThat(git.exitCode()).as(git.stderr()).isZero();
        return git.stdout().lines().toList();
    }

    private static List<String> linesOfSources(Predicate<String> wanted) {
        return javaSources().stream()
                .flatMap(file ->
                        lines(file).stream()
                                .filter(wanted)
                                .map(line -> ROOT.relativize(file) + ": " + line.strip()))
                .toList();
    }

    private static List<Path> javaSources() {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> sources =
                    modules.filter(each -> each.getFileName().toString().startsWith("rdb-"))
                            .map(each -> each.resolve("src"))
                            .filter(Files::isDirectory)
                            .flatMap(SourceTreeTest::javaFiles)
                            .toList();
            assertThat(sources).isNotEmpty();
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return read(file).lines().toList();
    }
}
