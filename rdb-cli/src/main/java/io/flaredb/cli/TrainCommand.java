package io.flaredb.cli;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code flaredb train}, which the build calls: runs the usual commands, and a store for them, in
 * this process. The classes that the JVM has loaded for it go into its cache (JEP 483, 514), with
 * which later commands start.
 */
@Command(
        name = "train",
        hidden = true,
        description = "Run the usual commands once, for the JVM to learn: see HACKING.md.")
final class TrainCommand implements Callable<Integer> {
    private static final HostAndPort ANY_PORT = HostAndPort.parse("127.0.0.1:0");

    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("raw", "put", "greeting", "hello"),
                    List.of("raw", "get", "greeting"),
                    List.of("-o", "json", "raw", "scan"),
                    List.of("cas", "put", "leader", "node-1", "--expect", "0"),
                    List.of("cas", "get", "leader"),
                    List.of(
                            "cas", "batch", "--put", "leader", "1", "node-2", "--check", "lock",
                            "0"),
                    List.of("tso"),
                    List.of("status"),
                    List.of("region", "list"));

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("flaredb-train");
        try {
            train(folder);
        } finally {
            delete(folder);
        }
        return ExitCode.DONE.number();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void train(Path folder) {
        try (PlacementDriverServer pd =
                        PlacementDriverServer.start(
                                ANY_PORT,
                                folder.resolve("pd"),
                                PlacementDriverOptions.defaults(),
                                this::tell);
                StoreServer store =
                        StoreServer.start(
                                folder.resolve("store"),
                                ANY_PORT,
                                pd.address(),
                                StoreOptions.defaults(),
                                this::tell)) {
            COMMANDS.forEach(command -> run(pd.address(), command));
        }
    }

    private void run(HostAndPort pd, List<String> command) {
        List<String> words = new ArrayList<>(List.of("--pd=" + pd));
        words.addAll(command);
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        new AnswerStream(OutputStream.nullOutputStream()),
                        FlaredbCommand.of(spec).terminal().err(),
                        Map.of());
        int code = Main.run(terminal, words.toArray(String[]::new));
        if (code != ExitCode.DONE.number()) {
            throw new CommandException(
                    ExitCode.FAILED, String.join(" ", command) + ": exit code " + code);
        }
    }

    /** Why a store ended; the command that needed it fails. */
    private void tell(Throwable reason) {
        Failures.line(
                FlaredbCommand.of(spec).terminal().err(), "cannot go on: " + reason.getMessage());
    }
}
