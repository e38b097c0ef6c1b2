package io.flaredb.cli;

import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.write.WriteLimits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options. Each refusal names the value and what is allowed. */
final class Converters {
    private Converters() {}

    /** An unsigned 64-bit number, as a Java {@code long}. */
    static final class Unsigned64 implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                // parseUnsignedLong would take a sign.
                if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return Long.parseUnsignedLong(text);
                }
            } catch (NumberFormatException e) {
                // Empty or too large: refused below.
            }
            throw refusal(text, "an unsigned 64-bit integer, 0 to 18446744073709551615");
        }
    }

    /** A whole number of a range. */
    abstract static class Count implements ITypeConverter<Integer> {
        private final int max;

        Count(int max) {
            this.max = max;
        }

        @Override
        public Integer convert(String text) {
            try {
                int number = Integer.parseInt(text);
                if (number >= 1 && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Refused below.
            }
            throw refusal(text, "a whole number, 1 to " + max);
        }
    }

    /** A number with a unit, {@code 500ms}, {@code 5s} or {@code 2m}. */
    static class Durations implements ITypeConverter<Duration> {
        private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

        private final Duration min;
        private final Duration max;
        private final String allowed;

        Durations() {
            this(Duration.ofMillis(1), Duration.ofDays(1), "1ms to 1440m");
        }

        /**
         * @param range how messages name the range
         */
        Durations(Duration min, Duration max, String range) {
            this.min = min;
            this.max = max;
            this.allowed = "a number with ms, s or m behind it, " + range + ", for example 5s";
        }

        @Override
        public Duration convert(String text) {
            Duration duration = parse(text);
            if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
                throw refusal(text, allowed);
            }
            return duration;
        }

        private static @Nullable Duration parse(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                return null;
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
        }
    }

    /** Silence after which followers elect a new leader. */
    static final class ElectionTimeout extends Durations {
        ElectionTimeout() {
            super(Duration.ofMillis(100), Duration.ofSeconds(60), "100ms to 60s");
        }
    }

    /** Idle time after which a client's writes are forgotten. */
    static final class RememberWrites extends Durations {
        RememberWrites() {
            super(WriteLimits.SHORTEST_REMEMBERED, WriteLimits.LONGEST_REMEMBERED, "1s to 1440m");
        }
    }

    /** A number of bytes with a unit, {@code 256MiB}. */
    private abstract static class Size implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})([KMG])iB");

        private final long min;
        private final long max;
        private final String allowed;

        /**
         * @param range how messages name the range
         */
        Size(long min, long max, String range) {
            this.min = min;
            this.max = max;
            this.allowed =
                    "a number with KiB, MiB or GiB behind it, " + range + ", for example 256MiB";
        }

        @Override
        public Long convert(String text) {
            return convert(text, allowed);
        }

        final Long convert(String text, String allowed) {
            Matcher matcher = SIZE.matcher(text);
            if (matcher.matches()) {
                int shift =
                        switch (matcher.group(2)) {
                            case "K" -> 10;
                            case "M" -> 20;
                            default -> 30;
                        };
                long bytes = Long.parseLong(matcher.group(1)) << shift; // too many: negative
                if (bytes >= min && bytes <= max) {
                    return bytes;
                }
            }
            throw refusal(text, allowed);
        }

        final String allowed() {
            return allowed;
        }
    }

    /** The size of a write buffer. */
    static final class BufferSize extends Size {
        BufferSize() {
            super(64L << 10, 4L << 30, "64KiB to 4GiB");
        }
    }

    /** The size of a cache. */
    static class CacheSize extends Size {
        CacheSize() {
            super(1L << 20, 1L << 40, "1MiB to 1024GiB");
        }
    }

    /** The same, or 0 for none. */
    static final class CacheSizeOrNone extends CacheSize {
        @Override
        public Long convert(String text) {
            return text.equals("0") ? Long.valueOf(0) : convert(text, "0 or " + allowed());
        }
    }

    /** A file or a folder. Java takes nothing for the folder it runs in, which nobody means. */
    static final class FilePath implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            if (text.isEmpty()) {
                throw refusal(text, "the path of a file or folder");
            }
            return Path.of(text);
        }
    }

    /** Where a process is to listen. */
    static class Address implements ITypeConverter<HostAndPort> {
        @Override
        public HostAndPort convert(String text) {
            try {
                return HostAndPort.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Where a store is to listen, which clients and other stores are told to find it by. */
    static final class ToldAddress extends Address {
        @Override
        public HostAndPort convert(String text) {
            HostAndPort address = super.convert(text);
            InetAddress ip = address.resolve().getAddress(); // null: unknown, as listening will say
            if (ip != null && ip.isAnyLocalAddress()) {
                throw refusal(text, "an address at which clients and other servers find this one");
            }
            return address;
        }
    }

    /**
     * One of an enum's names, in lower case and with dashes; also offers them to the shell's
     * completion.
     */
    abstract static class Choice<E extends Enum<E>> implements ITypeConverter<E>, Iterable<String> {
        private final List<E> constants;

        Choice(E[] constants) {
            this.constants = List.of(constants);
        }

        @Override
        public E convert(String text) {
            for (E constant : constants) {
                if (name(constant).equals(text)) {
                    return constant;
                }
            }
            throw refusal(text, "one of " + String.join(", ", this));
        }

        @Override
        public Iterator<String> iterator() {
            return constants.stream().map(Choice::name).iterator();
        }

        private static String name(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    static final class Encodings extends Choice<Encoding> {
        Encodings() {
            super(Encoding.values());
        }
    }

    static final class OutputFormats extends Choice<OutputFormat> {
        OutputFormats() {
            super(OutputFormat.values());
        }
    }

    static final class LogLevels extends Choice<LogLevel> {
        LogLevels() {
            super(LogLevel.values());
        }
    }

    static final class ReadKinds extends Choice<ReplicationOptions.Reads> {
        ReadKinds() {
            super(ReplicationOptions.Reads.values());
        }
    }

    private static TypeConversionException refusal(String text, String allowed) {
        return new TypeConversionException("'" + text + "' is not " + allowed);
    }
}
