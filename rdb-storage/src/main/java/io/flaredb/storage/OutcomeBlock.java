package io.flaredb.storage;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * What a session remembers of {@value #SEQUENCES} consecutive sequences, as one record: a put into
 * RocksDB's memory costs about the same however little is in it, and the writes of a batch are
 * mostly neighbours.
 *
 * <pre>
 * [block u64] n x ([sequence - block x 16, u8][length u32][outcome, see OutcomeCodec])
 * </pre>
 *
 * <p>A block is the sequence divided by {@value #SEQUENCES}. It is written as a whole, from what is
 * in memory at the end of a batch. So it holds less than one written before only by what does not
 * count any more.
 */
final class OutcomeBlock {
    static final int SEQUENCES = 16;

    /**
     * Places for the blocks of a session. One more than fill the window, which begins in the midst
     * of a block: so two blocks that both hold outcomes in the window never have the same place.
     */
    static final int PLACES = RequestTable.WINDOW / SEQUENCES + 1;

    private static final int HEADER_BYTES = 1 + Integer.BYTES; // of an outcome

    private OutcomeBlock() {}

    static long of(long sequence) {
        return sequence / SEQUENCES;
    }

    static long firstSequence(long block) {
        return block * SEQUENCES;
    }

    static int place(long block) {
        return (int) (block % PLACES);
    }

    /**
     * @param outcomes by sequence, all of this block
     */
    static byte[] encode(long block, Map<Long, byte[]> outcomes) {
        int size = Long.BYTES;
        for (byte[] outcome : outcomes.values()) {
            size += HEADER_BYTES + outcome.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).putLong(block);
        outcomes.forEach((sequence, outcome) ->
                out.put((byte) (sequence - firstSequence(block)))
                        .putInt(outcome.length)
                        .put(outcome));
        return out.array();
    }

    /**
     * @param place that the block was found at
     * @throws CorruptionException if the bytes are no block of this place
     * @throws java.nio.BufferUnderflowException if they are cut short
     */
    static void decode(int place, ByteBuffer stored, ObjLongConsumer<byte[]> each) {
        long block = stored.getLong();
        if (place(block) != place) {
            throw OutcomeCodec.garbled();
        }
        while (stored.hasRemaining()) {
            int offset = Byte.toUnsignedInt(stored.get());
            int length = stored.getInt();
            if (offset >= SEQUENCES || length < 1 || length > stored.remaining()) {
                throw OutcomeCodec.garbled();
            }
            byte[] outcome = new byte[length];
            stored.get(outcome);
            each.accept(outcome, firstSequence(block) + offset);
        }
    }
}
