package io.flaredb.cli;

import com.google.gson.JsonObject;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flaredb cas}. */
@Command(
        name = "cas",
        description = "Read and write versioned keys by compare-and-swap.",
        subcommands = {
            CasCommand.Put.class,
            CasCommand.Get.class,
            CasCommand.Delete.class,
            CasCommand.Scan.class,
            CasBatchCommand.class
        })
final class CasCommand extends CommandGroup {

    @Command(
            name = "put",
            description = "Write a key if it is at the expected version; shows the new version.",
            footer = {
                "%nExit code 3: the key is at another version, and nothing has changed.",
                "%nExamples:",
                "  flaredb cas put counter 1 --expect 0     create it",
                "  flaredb cas put counter 2 --expect 1     change it"
            })
    static final class Put extends ClientCommand {
        @Mixin private PutArguments put;

        @Mixin private ExpectOption expect;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes key = put.key(options);
            Bytes value = put.value(options);
            CasResult result = Settled.swap(() -> db.cas().put(key, expect.version, value));
            return answer(key, expect.version, result, output);
        }
    }

    @Command(
            name = "get",
            description = "Read a key: its version, then its value.",
            footer = "%nExit code 4 and no output: there is no such key.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "KEY", description = Texts.KEY)
        private String key;

        @Mixin private StaleOption stale;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes name = options.decode("KEY", key);
            Optional<VersionedValue> found = stale.cas(db).get(name);
            if (output.isJson()) {
                JsonObject answer = new JsonObject();
                answer.addProperty("found", found.isPresent());
                answer.add("key", output.json(name));
                if (found.isPresent()) {
                    answer.add("version", Output.unsigned(found.get().version()));
                    answer.add("value", output.json(found.get().value()));
                }
                output.object(answer);
            } else if (found.isPresent()) {
                String value = output.encoded(found.get().value());
                output.line(Long.toUnsignedString(found.get().version()));
                output.line(value);
            } else {
                output.notFound(name);
            }
            return found.isPresent() ? ExitCode.DONE : ExitCode.NOT_FOUND;
        }
    }

    @Command(
            name = "delete",
            description = "Remove a key if it is at the expected version.",
            footer = "%nExit code 3: the key is at another version, and nothing has changed.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "KEY", description = Texts.KEY)
        private String key;

        @Mixin private ExpectOption expect;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes name = options.decode("KEY", key);
            CasResult result = Settled.swap(() -> db.cas().delete(name, expect.version));
            return answer(name, expect.version, result, output);
        }
    }

    @Command(
            name = "scan",
            description = "List keys, versions and values in the order of the keys.",
            footer = {
                "%nText has one entry per line: key, tab, version, tab, value. Where these may hold",
                "tabs or line ends themselves, use -o json or --encoding hex."
            })
    static final class Scan extends ClientCommand {
        @Mixin private RangeOptions what;
        @Mixin private StaleOption stale;

        @Override
        ExitCode run(FlareDb db, Output output) {
            output.entries(
                    stale.cas(db).iterate(what.range(options), what.limit()),
                    entry ->
                            output.encoded(entry.key())
                                    + '\t'
                                    + Long.toUnsignedString(entry.version())
                                    + '\t'
                                    + output.encoded(entry.value()),
                    entry -> json(entry, output));
            return ExitCode.DONE;
        }

        private static JsonObject json(VersionedEntry entry, Output output) {
            JsonObject json = new JsonObject();
            json.add("key", output.json(entry.key()));
            json.add("version", Output.unsigned(entry.version()));
            json.add("value", output.json(entry.value()));
            return json;
        }
    }

    /** The version a key must be at. */
    static final class ExpectOption {
        @Option(
                names = "--expect",
                required = true,
                paramLabel = "N",
                converter = Converters.Unsigned64.class,
                description = "The version the key must be at; 0: it must not exist.")
        long version;
    }

    private static ExitCode answer(
            Bytes key, long expectedVersion, CasResult result, Output output) {
        return switch (result) {
            case CasResult.Swapped(long version) -> {
                if (output.isJson()) {
                    JsonObject answer = new JsonObject();
                    answer.addProperty("swapped", true);
                    answer.add("version", Output.unsigned(version));
                    output.object(answer);
                } else {
                    output.line(Long.toUnsignedString(version));
                }
                yield ExitCode.DONE;
            }
            case CasResult.Conflict(long currentVersion, Optional<Bytes> currentValue) -> {
                if (output.isJson()) {
                    JsonObject answer = new JsonObject();
                    answer.addProperty("swapped", false);
                    answer.add("current_version", Output.unsigned(currentVersion));
                    answer.add("current_value", output.currentValue(currentValue));
                    output.object(answer);
                } else {
                    output.conflict(key, currentVersion, expectedVersion);
                }
                yield ExitCode.CONFLICT;
            }
        };
    }
}
