package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.it.history.Report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
    @TempDir Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("history");
    }

    @Test
    void readsBackWhatItWroteOfVersionedKeys() throws IOException {
        List<Operation<VersionedRegister.Input, VersionedRegister.Output>> history =
                new Plot<VersionedRegister.Input, VersionedRegister.Output>()
                        .then(
                                new VersionedRegister.Input.Delete(3),
                                new VersionedRegister.Output.Conflict(0, Optional.empty()))
                        .then(
                                new VersionedRegister.Input.Put(0, ""),
                                new VersionedRegister.Output.Swapped(-1L))
                        .then(
                                new VersionedRegister.Input.Put(1, "a : b\n= 100%"),
                                new VersionedRegister.Output.Conflict(-1L, Optional.of("")))
                        .then(
                                new VersionedRegister.Input.Get(),
                                new VersionedRegister.Output.Found(-1L, ""))
                        .then(
                                new VersionedRegister.Input.Put(-1L, "b"),
                                new VersionedRegister.Output.At(-1L))
                        .unknown(new VersionedRegister.Input.Delete(-1L))
                        .then(
                                new VersionedRegister.Input.Get(),
                                new VersionedRegister.Output.Absent())
                        .history();

        HistoryFile.versioned().write(file, history);

        assertThat(HistoryFile.versioned().read(file)).isEqualTo(history);
        assertThat(HistoryFile.check(file, Limits.DEFAULT).verdict())
                .isEqualTo(Verdict.LINEARIZABLE);
    }

    @Test
    void readsBackWhatItWroteOfRawKeys() throws IOException {
        List<Operation<RawRegister.Input, RawRegister.Output>> history =
                new Plot<RawRegister.Input, RawRegister.Output>()
                        .then(new RawRegister.Input.Put("-"), new RawRegister.Output.Done())
                        .unknown(new RawRegister.Input.Put("b"))
                        .then(new RawRegister.Input.Delete(), new RawRegister.Output.Done())
                        .then(
                                new RawRegister.Input.Get(),
                                new RawRegister.Output.Found(Optional.of("-")))
                        .then(
                                new RawRegister.Input.Get(),
                                new RawRegister.Output.Found(Optional.empty()))
                        .history();

        HistoryFile.raw().write(file, history);

        assertThat(HistoryFile.raw().read(file)).isEqualTo(history);
        assertThat(HistoryFile.check(file, Limits.DEFAULT).verdict()).isEqualTo(Verdict.VIOLATION);
    }

    @Test
    void refusesAHistoryThatWasCutShort() throws IOException {
        Files.writeString(file, "flaredb-history 1 raw\n0 1 2 =k put =a : done\n");

        assertThatThrownBy(() -> HistoryFile.check(file, Limits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cut short");
    }

    @Test
    void refusesAHistoryThatGoesOnBehindItsEnd() throws IOException {
        Files.writeString(
                file,
                "flaredb-history 1 raw\n0 1 2 =k put =a : done\nend 1\n0 3 4 =k get : found -\n");

        assertThatThrownBy(() -> HistoryFile.check(file, Limits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("behind its end");
    }

    @Test
    void refusesWhatIsNoHistory() throws IOException {
        Files.writeString(file, "hello\n");
        assertThatThrownBy(() -> HistoryFile.check(file, Limits.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("hello");

        for (String wrong :
                List.of(
                        "0 1 2 =k put =a : swapped 3",
                        "0 1 2 =k put =a",
                        "0 1 - =k put =a : done",
                        "0 2 1 =k put =a : done",
                        "0 1 2 =k : done",
                        "0 1",
                        "")) {
            Files.writeString(file, "flaredb-history 1 raw\n" + wrong + "\nend 1\n");
            assertThatThrownBy(() -> HistoryFile.check(file, Limits.DEFAULT))
                    .as(wrong)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("operation 1");
        }
    }
}
