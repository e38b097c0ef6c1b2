package io.flaredb.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The end of one of RocksDB's logs, where a damaged length passes for a torn write.
 *
 * <p>RocksDB takes a record that reaches beyond the end of its log for one that was never written
 * completely, and leaves it and what follows out, which is right after a power loss. But a flipped
 * byte in a record's length looks the same to it, and acknowledged records would be gone without a
 * word (tried: 14 of the 1,576 bytes of a log of 12 records lost up to all of them). So before it
 * may open the store, we look whether the record is complete after all at some other length: its
 * checksum tells. Records don't span blocks, so it can only hide in the last, unfinished one.
 *
 * <pre>
 * block:   32 KiB of fragments
 * fragment: [masked CRC32C of type and payload u32 LE][length u16 LE][type u8][payload]
 * </pre>
 */
final class LogTail {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int TYPE_AT = 6;
    private static final int HEADER_BYTES = 7;
    private static final int CRC_MASK_DELTA = 0xa282ead8;

    private LogTail() {}

    /**
     * @throws CorruptionException if the last block holds a complete record of wrong length
     */
    static void check(Path log) throws IOException {
        ByteBuffer block = lastBlock(log);
        int at = 0;
        while (at + HEADER_BYTES <= block.limit()) {
            int length = Short.toUnsignedInt(block.getShort(at + Integer.BYTES));
            if (length == 0 && block.get(at + TYPE_AT) == 0) {
                return; // padding
            }
            int end = at + HEADER_BYTES + length;
            if (end > block.limit() && isCompleteAtAnotherLength(block, at)) {
                throw new CorruptionException(
                        log + " is damaged: a record's length is not what was written", null);
            }
            at = end;
        }
    }

    private static boolean isCompleteAtAnotherLength(ByteBuffer block, int at) {
        int expected = block.getInt(at);
        CRC32C crc = new CRC32C();
        for (int i = at + TYPE_AT; i < block.limit(); i++) {
            crc.update(block.get(i));
            if (i > at + TYPE_AT && masked((int) crc.getValue()) == expected) {
                return true;
            }
        }
        return false;
    }

    /** RocksDB masks checksums so that one of bytes that hold a checksum stays useful. */
    private static int masked(int crc) {
        return Integer.rotateRight(crc, 15) + CRC_MASK_DELTA;
    }

    private static ByteBuffer lastBlock(Path log) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = file.length() / BLOCK_BYTES * BLOCK_BYTES;
            byte[] block = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(block);
            return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
