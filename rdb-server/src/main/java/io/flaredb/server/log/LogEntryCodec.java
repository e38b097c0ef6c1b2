package io.flaredb.server.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.KeyValue;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Log entries as bytes, all numbers big-endian:
 *
 * <pre>
 * 1 raw put             [u8 1][u16 key size][key][value]
 * 2 raw delete          [u8 2][key]
 * 3 raw put all         [u8 3][u32 count] count x [u16 key size][key][u32 value size][value]
 * 4 compare-and-swap    [u8 4][u64 expected version][u16 key size][key][value]
 * 5 compare-and-delete  [u8 5][u64 expected version][key]
 * 6 describe            [u8 6][Region of metapb.proto]
 * 7 check               [u8 7][u64 check id]
 * </pre>
 *
 * <p>What is in a log stays there through upgrades: a kind's layout never changes, new ones get new
 * numbers.
 */
public final class LogEntryCodec {
    private static final byte RAW_PUT = 1;
    private static final byte RAW_DELETE = 2;
    private static final byte RAW_PUT_ALL = 3;
    private static final byte COMPARE_AND_SWAP = 4;
    private static final byte COMPARE_AND_DELETE = 5;
    private static final byte DESCRIBE = 6;
    private static final byte CHECK = 7;

    private LogEntryCodec() {}

    /** The entry as bytes. Keys must be within their limits. */
    public static byte[] encode(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Write(Command command) -> encode(command);
            case LogEntry.Describe(Region region) ->
                    start(DESCRIBE, region.getSerializedSize()).put(region.toByteArray()).array();
            case LogEntry.Check(long checkId) -> start(CHECK, Long.BYTES).putLong(checkId).array();
        };
    }

    private static byte[] encode(Command command) {
        return switch (command) {
            case Command.RawPut(Bytes key, Bytes value) -> {
                ByteBuffer out = start(RAW_PUT, Short.BYTES + key.size() + value.size());
                putKey(out, key);
                yield out.put(value.unsafeArray()).array();
            }
            case Command.RawDelete(Bytes key) ->
                    start(RAW_DELETE, key.size()).put(key.unsafeArray()).array();
            case Command.RawPutAll(var entries) -> encode(entries);
            case Command.CompareAndSwap(Bytes key, long expected, Bytes value) -> {
                ByteBuffer out =
                        start(
                                COMPARE_AND_SWAP,
                                Long.BYTES + Short.BYTES + key.size() + value.size());
                putKey(out.putLong(expected), key);
                yield out.put(value.unsafeArray()).array();
            }
            case Command.CompareAndDelete(Bytes key, long expected) ->
                    start(COMPARE_AND_DELETE, Long.BYTES + key.size())
                            .putLong(expected)
                            .put(key.unsafeArray())
                            .array();
        };
    }

    private static byte[] encode(List<KeyValue> entries) {
        int size = Integer.BYTES;
        for (KeyValue entry : entries) {
            size += Short.BYTES + entry.key().size() + Integer.BYTES + entry.value().size();
        }
        ByteBuffer out = start(RAW_PUT_ALL, size).putInt(entries.size());
        for (KeyValue entry : entries) {
            putKey(out, entry.key());
            out.putInt(entry.value().size()).put(entry.value().unsafeArray());
        }
        return out.array();
    }

    /**
     * @throws CorruptionException if the bytes are no entry
     */
    public static LogEntry decode(byte[] bytes) {
        try {
            return decode(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException | InvalidProtocolBufferException e) {
            throw new CorruptionException("an entry of the log is cut short or garbled", e);
        }
    }

    private static LogEntry decode(ByteBuffer in) throws InvalidProtocolBufferException {
        byte kind = in.get();
        return switch (kind) {
            case RAW_PUT -> new LogEntry.Write(new Command.RawPut(key(in), rest(in)));
            case RAW_DELETE -> new LogEntry.Write(new Command.RawDelete(rest(in)));
            case RAW_PUT_ALL -> new LogEntry.Write(new Command.RawPutAll(entries(in)));
            case COMPARE_AND_SWAP -> {
                long expected = in.getLong();
                yield new LogEntry.Write(new Command.CompareAndSwap(key(in), expected, rest(in)));
            }
            case COMPARE_AND_DELETE -> {
                long expected = in.getLong();
                yield new LogEntry.Write(new Command.CompareAndDelete(rest(in), expected));
            }
            case DESCRIBE -> new LogEntry.Describe(Region.parseFrom(in));
            case CHECK -> new LogEntry.Check(in.getLong());
            default ->
                    throw new CorruptionException(
                            "an entry of the log has the unknown kind "
                                    + Byte.toUnsignedInt(kind)
                                    + ": it is damaged, or of a newer FlareDB",
                            null);
        };
    }

    private static ByteBuffer start(byte kind, int size) {
        return ByteBuffer.allocate(1 + size).put(kind);
    }

    private static void putKey(ByteBuffer out, Bytes key) {
        out.putShort((short) key.size()).put(key.unsafeArray());
    }

    private static Bytes key(ByteBuffer in) {
        return bytes(in, Short.toUnsignedInt(in.getShort()));
    }

    private static Bytes rest(ByteBuffer in) {
        return bytes(in, in.remaining());
    }

    private static List<KeyValue> entries(ByteBuffer in) {
        int count = in.getInt();
        List<KeyValue> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bytes key = key(in);
            entries.add(new KeyValue(key, bytes(in, in.getInt())));
        }
        return entries;
    }

    private static Bytes bytes(ByteBuffer in, int size) {
        if (size < 0 || size > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return Bytes.wrap(bytes);
    }
}
