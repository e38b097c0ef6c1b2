package io.flaredb.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The files that a bench writes at its end; looked at before it begins, since that is far off. */
final class BenchFiles {
    private BenchFiles() {}

    /**
     * Checks that a file could be written.
     *
     * @param file null: none was asked for
     * @throws ParameterException naming the option, the file and what is wrong
     */
    static void check(CommandSpec spec, String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw refusal(spec, option, file, "it is a folder");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw refusal(spec, option, file, "there is no folder " + folder);
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw refusal(spec, option, file, "permission denied");
        }
    }

    /**
     * Whether two paths name the same file, so that the one would be written in place of the other.
     */
    static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    private static ParameterException refusal(
            CommandSpec spec, String option, Path file, String why) {
        return new ParameterException(
                spec.commandLine(), "%s: cannot write %s: %s".formatted(option, file, why));
    }
}
