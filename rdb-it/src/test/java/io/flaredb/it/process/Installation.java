package io.flaredb.it.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The FlareDB under test: this source tree and the command built in it. */
public final class Installation {
    private Installation() {}

    /** The root of the source tree. */
    public static Path root() {
        Path module = Path.of("").toAbsolutePath();
        for (Path dir = module; dir != null; dir = dir.getParent()) {
            if (Files.isRegularFile(dir.resolve("LICENSE"))
                    && Files.isDirectory(dir.resolve("rdb-it"))) {
                return dir;
            }
        }
        throw new IllegalStateException("no FlareDB source tree at or above " + module);
    }

    /**
     * The command {@code flaredb} with these arguments. The script becomes the Java process (exec),
     * so it is the one to send signals to.
     */
    public static List<String> flaredb(String... arguments) {
        Path jar = root().resolve("rdb-cli/target/flaredb.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: build rdb-cli first");
        }
        List<String> command = new ArrayList<>();
        command.add(root().resolve("bin/flaredb").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** The java that runs this test. */
    public static String java() {
        return javaHome().resolve("bin/java").toString();
    }

    /** The home of the java that runs this test. */
    static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }
}
