package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.FlareDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code flaredb cas batch}. */
@Command(
        name = "batch",
        description =
                "Write, remove and check several keys of one region: all of it if every key is at"
                        + " its expected version, else nothing. Shows each key and its new version:"
                        + " first those written, then those removed, then those checked.",
        footer = {
            "%nExit code 3: a key is at another version, and nothing has changed.",
            "%nA VALUE that starts with a dash looks like an option: give it in --encoding hex",
            "or base64.",
            "%nExample: hand a lease over if nobody else has written the config",
            "  flaredb cas batch --put lease 4 node-2 --check config 7"
        })
final class CasBatchCommand extends ClientCommand {
    private static final int PUT_ARITY = 3;
    private static final int PAIR_ARITY = 2;

    @Spec private CommandSpec spec;

    @Option(
            names = "--put",
            arity = "3",
            paramLabel = "KEY VERSION VALUE",
            hideParamSyntax = true,
            description = "Write a key that is at VERSION; 0: it must not exist. Repeatable.")
    private List<String> puts = new ArrayList<>();

    @Option(
            names = "--delete",
            arity = "2",
            paramLabel = "KEY VERSION",
            hideParamSyntax = true,
            description = "Remove a key that is at VERSION. Repeatable.")
    private List<String> deletes = new ArrayList<>();

    @Option(
            names = "--check",
            arity = "2",
            paramLabel = "KEY VERSION",
            hideParamSyntax = true,
            description = "Only make sure that a key is at VERSION. Repeatable.")
    private List<String> checks = new ArrayList<>();

    @Override
    ExitCode run(FlareDb db, Output output) {
        List<CasOperation> operations = operations();
        return switch (Settled.batch(() -> db.cas().batch(operations))) {
            case CasBatchResult.Swapped(var versions) -> {
                if (output.isJson()) {
                    output.object(json(true, "versions", versions, output));
                } else {
                    versions.forEach((key, version) ->
                            output.line(
                                    output.encoded(key) + '\t' + Long.toUnsignedString(version)));
                }
                yield ExitCode.DONE;
            }
            case CasBatchResult.Conflict(var currentVersions) -> {
                if (output.isJson()) {
                    output.object(json(false, "current_versions", currentVersions, output));
                } else {
                    tellConflicts(operations, currentVersions, output);
                }
                yield ExitCode.CONFLICT;
            }
        };
    }

    private List<CasOperation> operations() {
        List<CasOperation> operations = new ArrayList<>();
        for (int i = 0; i < puts.size(); i += PUT_ARITY) {
            operations.add(
                    CasOperation.swap(
                            options.decode("KEY", puts.get(i)),
                            version("--put", puts.get(i + 1)),
                            options.decode("VALUE", puts.get(i + 2))));
        }
        for (int i = 0; i < deletes.size(); i += PAIR_ARITY) {
            operations.add(
                    CasOperation.delete(
                            options.decode("KEY", deletes.get(i)),
                            version("--delete", deletes.get(i + 1))));
        }
        for (int i = 0; i < checks.size(); i += PAIR_ARITY) {
            operations.add(
                    CasOperation.check(
                            options.decode("KEY", checks.get(i)),
                            version("--check", checks.get(i + 1))));
        }
        return operations;
    }

    private long version(String option, String text) {
        try {
            return new Converters.Unsigned64().convert(text);
        } catch (TypeConversionException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "invalid value for VERSION of option '" + option + "': " + e.getMessage(),
                    e);
        }
    }

    private static void tellConflicts(
            List<CasOperation> operations, Map<Bytes, Long> versions, Output output) {
        for (CasOperation operation : operations) {
            long current = versions.getOrDefault(operation.key(), 0L);
            if (current != operation.expectedVersion()) {
                output.conflict(operation.key(), current, operation.expectedVersion());
            }
        }
    }

    private static JsonObject json(
            boolean swapped, String name, Map<Bytes, Long> versions, Output output) {
        JsonArray array = new JsonArray();
        versions.forEach((key, version) -> {
            JsonObject entry = new JsonObject();
            entry.add("key", output.json(key));
            entry.add("version", Output.unsigned(version));
            array.add(entry);
        });
        JsonObject answer = new JsonObject();
        answer.addProperty("swapped", swapped);
        answer.add(name, array);
        return answer;
    }
}
