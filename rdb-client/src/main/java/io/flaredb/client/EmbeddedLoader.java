package io.flaredb.client;

import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.EmbeddedProvider;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the module that can run a store in this process, which needs a newer Java than this. */
final class EmbeddedLoader {
    static final int JAVA_NEEDED = 25;

    private EmbeddedLoader() {}

    static FlareDb open(Path dataDir, FlareDbOptions options) {
        return open(dataDir, options, Runtime.version().feature(), FlareDb.class.getClassLoader());
    }

    static FlareDb open(
            Path dataDir, FlareDbOptions options, int javaVersion, ClassLoader classes) {
        if (javaVersion < JAVA_NEEDED) { // before its classes are touched: they would not load
            throw new RefusedException(
                    "an embedded FlareDB needs Java "
                            + JAVA_NEEDED
                            + " or newer: this is Java "
                            + javaVersion);
        }
        Optional<EmbeddedProvider> provider =
                ServiceLoader.load(EmbeddedProvider.class, classes).findFirst();
        if (provider.isEmpty()) {
            throw new RefusedException(
                    "an embedded FlareDB needs the module io.flaredb:rdb-embedded on the class"
                            + " path: it is not there");
        }
        Timer timer = new Timer("flaredb-embedded-timer");
        return new OpenFlareDb(provider.get().open(dataDir, timer), timer, options);
    }
}
