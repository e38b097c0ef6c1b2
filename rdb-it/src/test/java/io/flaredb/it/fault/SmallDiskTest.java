package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallDiskTest {
    @TempDir Path folder;

    @Test
    void filesThatAreKeptOutliveTheDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 1)) {
            Files.writeString(
                    Files.createDirectory(disk.folder().resolve("data")).resolve("f"), "x");
            disk.fill(0);

            disk.keepFiles();
        }

        assertThat(folder.resolve("disk")).isEmptyDirectory();
        assertThat(folder.resolve("disk.kept/data/f")).hasContent("x");
        assertThat(folder.resolve("disk.kept/ballast")).doesNotExist();
    }
}
