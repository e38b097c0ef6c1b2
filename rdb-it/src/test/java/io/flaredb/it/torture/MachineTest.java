package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.Node;
import io.flaredb.it.process.Place;
import io.flaredb.it.torture.Machine.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
    @TempDir Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void makeAFile() throws IOException {
        file =
                Files.createFile(
                        Files.createDirectory(folder.resolve("data")).resolve("000001.sst"));
    }

    @Test
    void mayEndUntilItHasGotRidOfWhatIsDamaged() throws IOException {
        Machine machine = machine();

        machine.damaged(file);
        machine.isWhole();
        assertThat(machine.mayEnd()).as("damage not found yet").isTrue();

        Files.delete(file);
        assertThat(machine.mayEnd()).isFalse();
    }

    @Test
    void mayNotEndForDamageThatWasWiped() throws IOException {
        Machine machine = machine();
        machine.damaged(file);

        machine.wipe();
        Files.createFile(file); // a new one has its name

        assertThat(machine.mayEnd()).isFalse();
    }

    private Machine machine() {
        Node node =
                new Node(
                        "server",
                        Place.local(folder.resolve("data")),
                        List.of("server"),
                        folder.resolve("log"));
        return new Machine(
                0,
                node,
                new Hardware(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }
}
