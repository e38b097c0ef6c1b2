package io.flaredb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans of more than a page, and of more than is written at once. */
class LargeScansTest {
    @TempDir private static Path folder;

    private static RunningProcess dev;
    private static Map<String, String> env;

    @BeforeAll
    static void startDev() {
        String data = folder.resolve("data").toString();
        dev =
                RunningProcess.start(
                        "dev", "--data-dir", data, "--pd-addr=127.0.0.1:0", "--addr=127.0.0.1:0");
        env = Map.of("FLAREDB_PD", dev.ready("pd"));
    }

    @AfterAll
    static void stopDev() throws Exception {
        assertThat(dev.stop()).isZero();
        assertThat(dev.err()).isEmpty();
    }

    /** So that each page has the whole timeout, and that not all are in memory. */
    @Test
    void aScanWithALimitWritesItsFirstPageBeforeItReadsTheNext() {
        List<String> put = new ArrayList<>(List.of("raw", "batch-put"));
        for (int i = 1_000; i <= 2_000; i++) { // one more than a page has
            put.addAll(List.of("page/" + i, "v".repeat(100)));
        }
        writes(put.toArray(String[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream writing =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        if (out.size() == 0) {
                            writes("raw", "put", "page/3000", "come meanwhile");
                        }
                        out.write(b);
                    }
                };

        Run run =
                Run.writingTo(
                        writing, env, "raw scan --from page/ --to page0 --limit 1002".split(" "));

        assertThat(run).isEqualTo(new Run(0, "", ""));
        assertThat(out.toString(UTF_8)).hasLineCount(1_002).endsWith("page/3000\tcome meanwhile\n");
    }

    @Test
    void aScanEndsSoonAfterItsReaderHasGone() {
        String value = "v".repeat(50_000);
        for (int i = 10; i < 30; i++) {
            writes("raw", "put", "gone/" + i, value);
        }
        for (Map.Entry<String, Run> each :
                Map.of(
                                "Broken pipe",
                                new Run(141, "", ""),
                                "full",
                                new Run(
                                        1,
                                        "",
                                        "flaredb: cannot write the answer to stdout: full\n"))
                        .entrySet()) {
            Refusing out = new Refusing(each.getKey());
            assertThat(Run.writingTo(out, env, "raw scan --from gone/ --to gone0".split(" ")))
                    .isEqualTo(each.getValue());
            assertThat(out.refusedBytes()).isBetween(1L, 500_000L);
        }
    }

    private static void writes(String... args) {
        assertThat(Run.flaredb(env, new byte[0], args)).isEqualTo(new Run(0, "", ""));
    }
}
