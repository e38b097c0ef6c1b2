package io.flaredb.cli;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the keys of a new cluster are cut into regions. */
final class InitialRegionsOption {
    @Option(
            names = "--initial-regions",
            paramLabel = "KEY,KEY",
            converter = SplitKeysConverter.class,
            description =
                    "Where a new cluster's keys are cut into regions: texts in ascending"
                            + " order, with commas between them. Default: one region.")
    private @Nullable SplitKeys splitKeys;

    /** Ascending; none: one region. */
    List<Bytes> splitKeys() {
        return splitKeys == null ? List.of() : splitKeys.keys();
    }

    /** This option as another {@code flaredb} is to be given it. */
    List<String> arguments() {
        return splitKeys == null ? List.of() : List.of("--initial-regions=" + splitKeys.text());
    }

    /**
     * @param text as it was given
     */
    record SplitKeys(String text, List<Bytes> keys) {}

    /** Reads {@code KEY,KEY}; a key that holds a comma cannot be given. */
    static final class SplitKeysConverter implements ITypeConverter<SplitKeys> {
        @Override
        public SplitKeys convert(String text) {
            List<Bytes> keys = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                Bytes key = key(text, part);
                if (!keys.isEmpty() && key.compareTo(keys.getLast()) <= 0) {
                    throw new TypeConversionException(
                            "'"
                                    + text
                                    + "' has "
                                    + key
                                    + " behind "
                                    + keys.getLast()
                                    + ": keys must ascend, each once");
                }
                keys.add(key);
            }
            return new SplitKeys(text, List.copyOf(keys));
        }

        private static Bytes key(String text, String part) {
            Bytes key = Bytes.utf8(part);
            if (part.indexOf('\uFFFD') >= 0) { // Java has put it wherever there was no UTF-8
                throw new TypeConversionException("'" + text + "' is not valid UTF-8");
            }
            String problem = SizeLimits.keyProblem(key.size());
            if (problem != null) {
                throw new TypeConversionException("'" + text + "': " + problem);
            }
            return key;
        }
    }
}
