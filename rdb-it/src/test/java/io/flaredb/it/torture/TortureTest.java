package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TortureTest {
    @TempDir Path folder;

    @Test
    void aRunThatCannotBeSetUpHasNoVerdict() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        TortureOptions options =
                TortureOptions.parse(List.of("--report", file.resolve("report").toString()));

        assertThat(Torture.run(options, folder)).isEqualTo(Torture.NO_VERDICT);
    }

    @Test
    void deletesResultsOfAnEarlierRunAndNothingElse() throws IOException {
        for (String name :
                List.of("report.md", "availability.png", "r0-c12.history", "my.history", "notes")) {
            Files.createFile(folder.resolve(name));
        }

        Torture.deleteEarlier(folder, Torture.RESULT);

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("my.history", "notes");
        }
    }
}
