package io.flaredb.cli;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to scan. */
final class RangeOptions {
    @Option(
            names = "--from",
            paramLabel = "KEY",
            description = "First key. Default, or if empty: the first there is.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "KEY",
            description = "First key to leave out. Default, or if empty: up to the last there is.")
    private @Nullable String to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = Limit.class,
            description = "Show at most N entries. Default: all.")
    private @Nullable Integer limit;

    KeyRange range(ClientOptions options) {
        return new KeyRange(bound("--from", from, options), bound("--to", to, options));
    }

    /** How many entries to show at most. */
    long limit() {
        return limit == null ? Long.MAX_VALUE : limit;
    }

    private static Bytes bound(String label, @Nullable String text, ClientOptions options) {
        return text == null ? Bytes.EMPTY : options.decode(label, text);
    }

    static final class Limit extends Converters.Count {
        Limit() {
            super(Integer.MAX_VALUE);
        }
    }
}
