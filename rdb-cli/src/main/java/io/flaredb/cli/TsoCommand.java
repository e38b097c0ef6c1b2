package io.flaredb.cli;

import com.google.gson.JsonObject;
import io.flaredb.client.FlareDb;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.Tso;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flaredb tso}. */
@Command(
        name = "tso",
        description = "Get timestamps: numbers that only ever grow, over the whole cluster.")
final class TsoCommand extends ClientCommand {
    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            converter = Count.class,
            description = "How many, 1 to 262144. Default: 1.")
    private int count;

    @Override
    ExitCode run(FlareDb db, Output output) {
        TimestampRange range = db.tso().next(count);
        if (output.isJson()) {
            JsonObject answer = new JsonObject();
            answer.add("first", Output.unsigned(range.first()));
            answer.add("last", Output.unsigned(range.last()));
            answer.addProperty("count", range.count());
            output.object(answer);
        } else {
            for (int i = 0; i < range.count(); i++) {
                output.line(Long.toUnsignedString(range.first() + i));
            }
        }
        return ExitCode.DONE;
    }

    static final class Count extends Converters.Count {
        Count() {
            super(Tso.MAX_COUNT);
        }
    }
}
