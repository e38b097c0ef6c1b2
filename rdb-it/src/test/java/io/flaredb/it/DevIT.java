package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RefusedException;
import io.flaredb.client.VersionedValue;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.ReadyLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flaredb dev}, and the same data folder opened inside a program. */
class DevIT {
    private static final Bytes KEY = Bytes.utf8("k");

    @TempDir Path folder;

    @Test
    void servesWhatWasWrittenEmbeddedAndTheOtherWayRound() {
        long before;
        try (FlareDb embedded = FlareDb.openEmbedded(folder)) {
            embedded.raw().put(KEY, Bytes.utf8("embedded"));
            assertThat(embedded.cas().put(KEY, 0, Bytes.utf8("one")))
                    .isEqualTo(new CasResult.Swapped(1));
            before = embedded.tso().next();
        }

        try (FlareProcess dev = dev()) {
            ReadyLine ready = dev.awaitReady();
            try (FlareDb remote = FlareDb.connect(ready.after("pd"))) {
                assertThat(remote.raw().get(KEY)).contains(Bytes.utf8("embedded"));
                assertThat(remote.cas().put(KEY, 1, Bytes.utf8("two")))
                        .isEqualTo(new CasResult.Swapped(2));
                assertThat(remote.tso().next()).isGreaterThan(before);
                before = remote.tso().next();
            }
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> FlareDb.openEmbedded(folder))
                    .withMessageContaining("in use")
                    .withMessageContaining(folder.toString());
            dev.kill();
        }

        try (FlareDb embedded = FlareDb.openEmbedded(folder)) {
            assertThat(embedded.cas().get(KEY)).contains(new VersionedValue(2, Bytes.utf8("two")));
            assertThat(embedded.tso().next()).isGreaterThan(before);
        }
    }

    @Test
    void aSecondOneOnTheSameFolderEndsWithAClearLine() {
        try (FlareProcess first = dev()) {
            first.awaitReady();

            FlareProcess.Finished second = dev().awaitExit();

            assertThat(second.exitCode()).as(second.toString()).isEqualTo(1);
            assertThat(second.complaint()).contains("in use").contains(folder.toString());
            assertThat(first.isAlive()).isTrue();
        }
    }

    private FlareProcess dev() {
        return FlareProcess.flaredb(
                "dev",
                "--data-dir",
                folder.toString(),
                "--pd-addr",
                "127.0.0.1:0",
                "--addr",
                "127.0.0.1:0");
    }
}
