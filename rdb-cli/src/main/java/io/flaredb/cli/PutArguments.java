package io.flaredb.cli;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What to write. The value is an argument or, where it is long or not text, the bytes of a file.
 */
final class PutArguments {
    private static final String STDIN = "-";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Parameters(index = "0", paramLabel = "KEY", description = Texts.KEY)
    private String key;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "The value; may be empty.")
    private @Nullable String argument;

    @Option(
            names = "--value-file",
            paramLabel = "FILE",
            description = "Take the value from a file as it is, or from stdin if FILE is -.")
    private @Nullable Path file;

    Bytes key(ClientOptions options) {
        return options.decode("KEY", key);
    }

    Bytes value(ClientOptions options) {
        Path source = file;
        if ((argument == null) == (source == null)) {
            throw new ParameterException(
                    mixee.commandLine(), "give the value either as VALUE or by --value-file");
        }
        return source == null
                ? options.decode("VALUE", Objects.requireNonNull(argument))
                : readAll(source, options.terminal());
    }

    private Bytes readAll(Path source, Terminal terminal) {
        byte[] bytes;
        try (InputStream in =
                source.toString().equals(STDIN) ? terminal.in() : Files.newInputStream(source)) {
            bytes = in.readNBytes(SizeLimits.MAX_VALUE_BYTES + 1);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot read " + source + ": " + reason(e));
        }
        if (bytes.length > SizeLimits.MAX_VALUE_BYTES) {
            throw new ParameterException(
                    mixee.commandLine(),
                    "value in "
                            + source
                            + " is longer: allowed are at most "
                            + SizeLimits.MAX_VALUE_BYTES
                            + " bytes");
        }
        return Bytes.wrap(bytes);
    }

    /** Without the file, which Java's own messages begin with, or consist of. */
    private static @Nullable String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> e.getMessage();
        };
    }
}
