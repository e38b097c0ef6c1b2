package io.flaredb.storage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Outcomes as they are remembered, numbers big-endian:
 *
 * <pre>
 * 1 written         [u8 1]
 * 2 swapped         [u8 2][version u64]
 * 3 conflict        [u8 3][version u64]        without the value
 * 4 batch swapped   [u8 4] n x [version u64]
 * 5 batch conflict  [u8 5] n x [version u64]
 * 6 never done      [u8 6]                     no outcome: the write was settled before it came
 * </pre>
 */
final class OutcomeCodec {
    private static final byte WRITTEN = 1;
    private static final byte SWAPPED = 2;
    private static final byte CONFLICT = 3;
    private static final byte BATCH_SWAPPED = 4;
    private static final byte BATCH_CONFLICT = 5;
    private static final byte NEVER_DONE = 6;

    // Shared by all that remember them, so that a plain write costs no array; nobody changes one.
    private static final byte[] JUST_WRITTEN = {WRITTEN};
    private static final byte[] JUST_NEVER_DONE = {NEVER_DONE};

    private OutcomeCodec() {}

    static byte[] neverDone() {
        return JUST_NEVER_DONE;
    }

    static boolean isNeverDone(byte[] stored) {
        return stored[0] == NEVER_DONE;
    }

    static byte[] encode(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Written _ -> JUST_WRITTEN;
            case Outcome.Swapped(long version) -> of(SWAPPED, List.of(version));
            case Outcome.Conflict conflict -> of(CONFLICT, List.of(conflict.currentVersion()));
            case Outcome.BatchSwapped(List<Long> versions) -> of(BATCH_SWAPPED, versions);
            case Outcome.BatchConflict(List<Long> versions) -> of(BATCH_CONFLICT, versions);
        };
    }

    private static byte[] of(byte kind, List<Long> versions) {
        ByteBuffer out = ByteBuffer.allocate(1 + versions.size() * Long.BYTES).put(kind);
        versions.forEach(out::putLong);
        return out.array();
    }

    /**
     * @throws CorruptionException if the bytes are no outcome
     */
    static Outcome decode(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        byte kind = in.get();
        List<Long> versions = new ArrayList<>(in.remaining() / Long.BYTES);
        while (in.remaining() >= Long.BYTES) {
            versions.add(in.getLong());
        }
        return switch (kind) {
            case WRITTEN -> new Outcome.Written();
            case SWAPPED -> new Outcome.Swapped(only(versions));
            case CONFLICT -> new Outcome.Conflict(only(versions), null);
            case BATCH_SWAPPED -> new Outcome.BatchSwapped(versions);
            case BATCH_CONFLICT -> new Outcome.BatchConflict(versions);
            default -> throw garbled();
        };
    }

    private static long only(List<Long> versions) {
        if (versions.size() != 1) {
            throw garbled();
        }
        return versions.getFirst();
    }

    static CorruptionException garbled() {
        return new CorruptionException(
                "a remembered outcome in column family requests is garbled", null);
    }
}
