package io.flaredb.server.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.storage.ApplyBatch;
import io.flaredb.storage.CasStep;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.RequestId;
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
 * 8 batch of swaps      [u8 8][u32 count] count x [u8 step][u64 expected version][u16 key size][key]
 *                         step 1 swap: then [u32 value size][value]; 2 delete; 3 check
 * 9 numbered write      [u8 9][id][u64 now ms] and one of 1 to 5 and 8
 * 10 settle             [u8 10][id][u64 now ms]
 * 11 forget idle        [u8 11][u64 before ms]
 * 12 several            [u8 12][u32 count] count x [u32 size][one of 1 to 5 and 8 to 10]
 *
 * id                    [u64 client id][u64 session start ms][u64 sequence][u64 lowest in flight]
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
    private static final byte CAS_BATCH = 8;
    private static final byte NUMBERED = 9;
    private static final byte SETTLE = 10;
    private static final byte FORGET_IDLE = 11;
    private static final byte SEVERAL = 12;

    private static final byte STEP_SWAP = 1;
    private static final byte STEP_DELETE = 2;
    private static final byte STEP_CHECK = 3;

    private static final int ID_BYTES = 4 * Long.BYTES;
    private static final int NUMBER_BYTES = 1 + ID_BYTES + Long.BYTES;

    private LogEntryCodec() {}

    /** The entry as bytes. Keys must be within their limits. */
    public static byte[] encode(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Write(Command command) ->
                    put(ByteBuffer.allocate(sizeOf(command)), command).array();
            case LogEntry.Numbered(RequestId id, long nowMillis, Command command) -> {
                ByteBuffer out = ByteBuffer.allocate(NUMBER_BYTES + sizeOf(command));
                yield put(putId(out.put(NUMBERED), id).putLong(nowMillis), command).array();
            }
            case LogEntry.Settle(RequestId id, long nowMillis) ->
                    putId(ByteBuffer.allocate(NUMBER_BYTES).put(SETTLE), id)
                            .putLong(nowMillis)
                            .array();
            case LogEntry.Several(var parts) ->
                    encodeSeveral(parts.stream().map(LogEntryCodec::encode).toList());
            case LogEntry.ForgetIdle(long beforeMillis) ->
                    ByteBuffer.allocate(1 + Long.BYTES)
                            .put(FORGET_IDLE)
                            .putLong(beforeMillis)
                            .array();
            case LogEntry.Describe(Region region) ->
                    ByteBuffer.allocate(1 + region.getSerializedSize())
                            .put(DESCRIBE)
                            .put(region.toByteArray())
                            .array();
            case LogEntry.Check(long checkId) ->
                    ByteBuffer.allocate(1 + Long.BYTES).put(CHECK).putLong(checkId).array();
        };
    }

    /**
     * {@link LogEntry.Several} as bytes.
     *
     * @param parts each encoded by itself
     */
    public static byte[] encodeSeveral(List<byte[]> parts) {
        int size = 1 + Integer.BYTES;
        for (byte[] part : parts) {
            size += Integer.BYTES + part.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).put(SEVERAL).putInt(parts.size());
        for (byte[] part : parts) {
            out.putInt(part.length).put(part);
        }
        return out.array();
    }

    private static int sizeOf(Command command) {
        return 1
                + switch (command) {
                    case Command.RawPut(Bytes key, Bytes value) -> keySize(key) + value.size();
                    case Command.RawDelete(Bytes key) -> key.size();
                    case Command.RawPutAll(var entries) -> {
                        int size = Integer.BYTES;
                        for (KeyValue entry : entries) {
                            size += keySize(entry.key()) + Integer.BYTES + entry.value().size();
                        }
                        yield size;
                    }
                    case Command.CompareAndSwap(Bytes key, long _, Bytes value) ->
                            Long.BYTES + keySize(key) + value.size();
                    case Command.CompareAndDelete(Bytes key, long _) -> Long.BYTES + key.size();
                    case Command.CasBatch(var steps) -> {
                        int size = Integer.BYTES;
                        for (CasStep step : steps) {
                            size += 1 + Long.BYTES + keySize(step.key());
                            if (step instanceof CasStep.Swap swap) {
                                size += Integer.BYTES + swap.value().size();
                            }
                        }
                        yield size;
                    }
                };
    }

    private static int keySize(Bytes key) {
        return Short.BYTES + key.size();
    }

    private static ByteBuffer put(ByteBuffer out, Command command) {
        return switch (command) {
            case Command.RawPut(Bytes key, Bytes value) ->
                    putKey(out.put(RAW_PUT), key).put(value.unsafeArray());
            case Command.RawDelete(Bytes key) -> out.put(RAW_DELETE).put(key.unsafeArray());
            case Command.RawPutAll(var entries) -> {
                out.put(RAW_PUT_ALL).putInt(entries.size());
                entries.forEach(entry -> putValue(putKey(out, entry.key()), entry.value()));
                yield out;
            }
            case Command.CompareAndSwap(Bytes key, long expected, Bytes value) ->
                    putKey(out.put(COMPARE_AND_SWAP).putLong(expected), key)
                            .put(value.unsafeArray());
            case Command.CompareAndDelete(Bytes key, long expected) ->
                    out.put(COMPARE_AND_DELETE).putLong(expected).put(key.unsafeArray());
            case Command.CasBatch(var steps) -> {
                out.put(CAS_BATCH).putInt(steps.size());
                steps.forEach(step -> put(out, step));
                yield out;
            }
        };
    }

    private static void put(ByteBuffer out, CasStep step) {
        byte kind =
                switch (step) {
                    case CasStep.Swap _ -> STEP_SWAP;
                    case CasStep.Delete _ -> STEP_DELETE;
                    case CasStep.Check _ -> STEP_CHECK;
                };
        putKey(out.put(kind).putLong(step.expectedVersion()), step.key());
        if (step instanceof CasStep.Swap swap) {
            putValue(out, swap.value());
        }
    }

    private static ByteBuffer putId(ByteBuffer out, RequestId id) {
        return out.putLong(id.clientId())
                .putLong(id.sessionStartMillis())
                .putLong(id.sequence())
                .putLong(id.lowestInFlight());
    }

    /**
     * @throws CorruptionException if the bytes are no entry
     */
    public static LogEntry decode(byte[] bytes) {
        try {
            return decode(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException
                | IllegalArgumentException
                | InvalidProtocolBufferException e) {
            throw new CorruptionException("an entry of the log is cut short or garbled", e);
        }
    }

    private static LogEntry decode(ByteBuffer in) throws InvalidProtocolBufferException {
        byte kind = in.get();
        return switch (kind) {
            case DESCRIBE -> new LogEntry.Describe(Region.parseFrom(in));
            case CHECK -> new LogEntry.Check(in.getLong());
            case NUMBERED -> new LogEntry.Numbered(id(in), in.getLong(), command(in.get(), in));
            case SETTLE -> new LogEntry.Settle(id(in), in.getLong());
            case FORGET_IDLE -> new LogEntry.ForgetIdle(in.getLong());
            case SEVERAL -> several(in);
            default -> new LogEntry.Write(command(kind, in));
        };
    }

    private static LogEntry several(ByteBuffer in) throws InvalidProtocolBufferException {
        int count = in.getInt();
        if (count < 1 || count > ApplyBatch.MAX_SHARING) {
            throw new BufferUnderflowException();
        }
        List<LogEntry.OfClient> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int size = in.getInt();
            if (size < 1 || size > in.remaining()) {
                throw new BufferUnderflowException();
            }
            ByteBuffer part = in.slice(in.position(), size);
            in.position(in.position() + size);
            if (!(decode(part) instanceof LogEntry.OfClient ofClient)) {
                throw new CorruptionException("an entry of several has a part of no client", null);
            }
            parts.add(ofClient);
        }
        return new LogEntry.Several(parts);
    }

    private static Command command(byte kind, ByteBuffer in) {
        return switch (kind) {
            case RAW_PUT -> new Command.RawPut(key(in), rest(in));
            case RAW_DELETE -> new Command.RawDelete(rest(in));
            case RAW_PUT_ALL -> new Command.RawPutAll(entries(in));
            case COMPARE_AND_SWAP -> {
                long expected = in.getLong();
                yield new Command.CompareAndSwap(key(in), expected, rest(in));
            }
            case COMPARE_AND_DELETE -> {
                long expected = in.getLong();
                yield new Command.CompareAndDelete(rest(in), expected);
            }
            case CAS_BATCH -> new Command.CasBatch(steps(in));
            default ->
                    throw new CorruptionException(
                            "an entry of the log has the unknown kind "
                                    + Byte.toUnsignedInt(kind)
                                    + ": it is damaged, or of a newer FlareDB",
                            null);
        };
    }

    private static RequestId id(ByteBuffer in) {
        return new RequestId(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    private static List<CasStep> steps(ByteBuffer in) {
        int count = in.getInt();
        List<CasStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte kind = in.get();
            long expected = in.getLong();
            Bytes key = key(in);
            steps.add(
                    switch (kind) {
                        case STEP_SWAP -> new CasStep.Swap(key, expected, bytes(in, in.getInt()));
                        case STEP_DELETE -> new CasStep.Delete(key, expected);
                        case STEP_CHECK -> new CasStep.Check(key, expected);
                        default ->
                                throw new CorruptionException(
                                        "a batch in the log has a step of the unknown kind "
                                                + Byte.toUnsignedInt(kind),
                                        null);
                    });
        }
        return steps;
    }

    private static ByteBuffer putKey(ByteBuffer out, Bytes key) {
        return out.putShort((short) key.size()).put(key.unsafeArray());
    }

    private static void putValue(ByteBuffer out, Bytes value) {
        out.putInt(value.size()).put(value.unsafeArray());
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
