package io.flaredb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedLoaderTest {
    @TempDir Path dataDir;

    @Test
    void saysThatTheModuleIsMissing() {
        assertThatThrownBy(() -> FlareDb.openEmbedded(dataDir))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "an embedded FlareDB needs the module io.flaredb:rdb-embedded on the class"
                                + " path: it is not there");
        assertThat(dataDir).isEmptyDirectory();
    }

    @Test
    void saysThatJavaIsTooOld() {
        assertThatThrownBy(() ->
                        EmbeddedLoader.open(
                                dataDir,
                                FlareDbOptions.defaults(),
                                17,
                                getClass().getClassLoader()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("an embedded FlareDB needs Java 25 or newer: this is Java 17");
    }
}
