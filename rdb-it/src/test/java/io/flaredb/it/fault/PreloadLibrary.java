package io.flaredb.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Installation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Libraries of this module ({@code src/test/c}) that are loaded before libc, by LD_PRELOAD. */
final class PreloadLibrary {
    private PreloadLibrary() {}

    /** What the machine lacks to compile one, if anything. */
    static Optional<String> missing() {
        return run("sh", "-c", "command -v cc").exitCode() == 0
                ? Optional.empty()
                : Optional.of("a C compiler (cc)");
    }

    /** Compiles one into a folder; returns the library. */
    static Path compile(String name, Path folder) {
        Path library = folder.resolve(name + ".so");
        Finished compiler =
                run(
                        "cc",
                        "-O2",
                        "-Wall",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        Installation.root()
                                .resolve("rdb-it/src/test/c")
                                .resolve(name + ".c")
                                .toString(),
                        "-ldl");
        assertThat(compiler.exitCode()).as(compiler.stderr()).isZero();
        return library;
    }

    private static Finished run(String... command) {
        return FlareProcess.start(List.of(command), Map.of()).awaitExit();
    }
}
