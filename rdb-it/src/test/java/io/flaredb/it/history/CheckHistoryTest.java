package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckHistoryTest {
    @TempDir Path folder;

    @Test
    void judgesHistoriesOfEitherForm() throws IOException {
        String own = file("own", "flaredb-history 1 raw", "0 1 2 =k put =a : done", "end 1");
        String log = file("log", "0 :invoke :write 3", "0 :ok :write 3");
        String wrong = file("wrong", "0 :invoke :read nil", "0 :ok :read 3");

        assertThat(check(own, log)).isZero();
        assertThat(check(own, wrong, log)).isEqualTo(CheckHistory.NOT_LINEARIZABLE);
    }

    @Test
    void goesOnPastAFileThatIsNoHistoryAndSaysSoAtTheEnd() throws IOException {
        String wrong = file("wrong", "0 :invoke :read nil", "0 :ok :read 3");

        assertThat(check(folder.resolve("none").toString(), wrong))
                .isEqualTo(CheckHistory.UNREADABLE);
        assertThat(check(file("empty"))).isEqualTo(CheckHistory.UNREADABLE);
        assertThat(check(file("text", "hello"))).isEqualTo(CheckHistory.UNREADABLE);
    }

    @Test
    void refusesATimeoutThatIsNone() throws IOException {
        String log = file("log", "0 :invoke :write 3");

        for (String timeout : List.of("", "0", "-1", "x", "99999", "99999999999999999999")) {
            assertThat(CheckHistory.run(List.of(timeout, log)))
                    .as(timeout)
                    .isEqualTo(CheckHistory.WRONG_USAGE);
        }
        assertThat(CheckHistory.run(List.of("60"))).isEqualTo(CheckHistory.WRONG_USAGE);
    }

    private String file(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines)).toString();
    }

    private static int check(String... files) {
        List<String> args = new ArrayList<>(List.of("60"));
        args.addAll(List.of(files));
        return CheckHistory.run(args);
    }
}
