package io.flaredb.peers.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a program says of itself. */
final class Version {
    private Version() {}

    /**
     * The first line that a command prints, which names the program and its version.
     *
     * @return empty if there is none, or no such command: a report then says less
     */
    static Optional<String> of(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            try (BufferedReader out =
                    new BufferedReader(
                            new InputStreamReader(
                                    process.getInputStream(), StandardCharsets.UTF_8))) {
                return out.lines().toList().stream().findFirst();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
