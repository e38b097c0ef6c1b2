package io.flaredb.cli;

import com.google.gson.JsonObject;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.KeyValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flaredb raw}. */
@Command(
        name = "raw",
        description = "Read and write raw keys: the last writer wins.",
        subcommands = {
            RawCommand.Put.class,
            RawCommand.Get.class,
            RawCommand.Delete.class,
            RawCommand.Scan.class,
            RawCommand.BatchGet.class,
            RawCommand.BatchPut.class
        })
final class RawCommand extends CommandGroup {

    @Command(
            name = "put",
            description = "Write a key.",
            footer = {
                "%nExamples:",
                "  flaredb raw put greeting hello",
                "  flaredb raw put photo --value-file photo.jpg",
                "  flaredb raw put -- -key -value"
            })
    static final class Put extends ClientCommand {
        @Mixin private PutArguments put;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes key = put.key(options);
            Bytes value = put.value(options);
            Settled.raw(() -> db.raw().put(key, value));
            return written(output);
        }
    }

    @Command(
            name = "get",
            description = "Read a key.",
            footer = "%nExit code 4 and no output: there is no such key.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "KEY", description = Texts.KEY)
        private String key;

        @Mixin private StaleOption stale;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes name = options.decode("KEY", key);
            Optional<Bytes> value = stale.raw(db).get(name);
            if (output.isJson()) {
                JsonObject answer = new JsonObject();
                answer.addProperty("found", value.isPresent());
                answer.add("key", output.json(name));
                value.ifPresent(bytes -> answer.add("value", output.json(bytes)));
                output.object(answer);
            } else if (value.isPresent()) {
                output.line(output.encoded(value.get()));
            } else {
                output.notFound(name);
            }
            return value.isPresent() ? ExitCode.DONE : ExitCode.NOT_FOUND;
        }
    }

    @Command(name = "delete", description = "Remove a key, whether or not it exists.")
    static final class Delete extends ClientCommand {
        @Parameters(paramLabel = "KEY", description = Texts.KEY)
        private String key;

        @Override
        ExitCode run(FlareDb db, Output output) {
            Bytes name = options.decode("KEY", key);
            Settled.raw(() -> db.raw().delete(name));
            if (output.isJson()) {
                output.done("deleted");
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "scan",
            description = "List keys and values in the order of the keys.",
            footer = {
                "%nText has one entry per line: key, tab, value. Where these may hold tabs or line",
                "ends themselves, use -o json or --encoding hex."
            })
    static final class Scan extends ClientCommand {
        @Mixin private RangeOptions what;
        @Mixin private StaleOption stale;

        @Override
        ExitCode run(FlareDb db, Output output) {
            return entries(stale.raw(db).iterate(what.range(options), what.limit()), output);
        }
    }

    @Command(
            name = "batch-get",
            description = "Read several keys; those that do not exist are left out.")
    static final class BatchGet extends ClientCommand {
        @Parameters(arity = "1..*", paramLabel = "KEY", description = "Keys.")
        private List<String> keys;

        @Override
        ExitCode run(FlareDb db, Output output) {
            List<Bytes> names = keys.stream().map(key -> options.decode("KEY", key)).toList();
            List<KeyValue> found = new ArrayList<>();
            db.raw().batchGet(names).forEach((key, value) -> found.add(new KeyValue(key, value)));
            return entries(found, output);
        }
    }

    @Command(name = "batch-put", description = "Write several keys; within one region all or none.")
    static final class BatchPut extends ClientCommand {
        @Spec private CommandSpec spec;

        @Parameters(
                arity = "2..*",
                paramLabel = "KEY VALUE",
                description = "Keys and values in turn. Of equal keys the last one counts.")
        private List<String> pairs;

        @Override
        ExitCode run(FlareDb db, Output output) {
            if (pairs.size() % 2 != 0) {
                throw new ParameterException(spec.commandLine(), "the last KEY has no VALUE");
            }
            Map<Bytes, Bytes> entries = new LinkedHashMap<>();
            for (int i = 0; i < pairs.size(); i += 2) {
                entries.put(
                        options.decode("KEY", pairs.get(i)),
                        options.decode("VALUE", pairs.get(i + 1)));
            }
            Settled.raw(() -> db.raw().batchPut(entries));
            return written(output);
        }
    }

    private static ExitCode written(Output output) {
        if (output.isJson()) {
            output.done("written");
        }
        return ExitCode.DONE;
    }

    private static ExitCode entries(Iterable<KeyValue> entries, Output output) {
        output.entries(
                entries,
                entry -> output.encoded(entry.key()) + '\t' + output.encoded(entry.value()),
                entry -> {
                    JsonObject json = new JsonObject();
                    json.add("key", output.json(entry.key()));
                    json.add("value", output.json(entry.value()));
                    return json;
                });
        return ExitCode.DONE;
    }
}
