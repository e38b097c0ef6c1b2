package io.flaredb.bytes;

import org.jspecify.annotations.Nullable;

/**
 * How long keys and values may be. Checked by the client before it sends and by the store at its
 * door; both say the same words.
 */
public final class SizeLimits {
    /** Longest key, in bytes. */
    public static final int MAX_KEY_BYTES = 4 * 1024;

    /** Longest value, in bytes. */
    public static final int MAX_VALUE_BYTES = 4 * 1024 * 1024;

    /** Most entries in one batch, and most entries one call of a scan returns. */
    public static final int MAX_BATCH_ENTRIES = 10_000;

    /** Most bytes of keys and values in one batch. */
    public static final int MAX_BATCH_BYTES = 16 * 1024 * 1024;

    /** Most operations in one batch of swaps, deletes and checks. */
    public static final int MAX_CAS_BATCH_OPERATIONS = 1_000;

    private SizeLimits() {}

    /** What is wrong with a key of this size, or null. */
    public static @Nullable String keyProblem(int sizeBytes) {
        if (sizeBytes == 0) {
            return "key is empty: allowed are 1 to " + MAX_KEY_BYTES + " bytes";
        }
        if (sizeBytes > MAX_KEY_BYTES) {
            return "key is " + sizeBytes + " bytes: allowed are 1 to " + MAX_KEY_BYTES;
        }
        return null;
    }

    /** What is wrong with a value of this size, or null. */
    public static @Nullable String valueProblem(int sizeBytes) {
        return sizeBytes > MAX_VALUE_BYTES
                ? "value is " + sizeBytes + " bytes: allowed are at most " + MAX_VALUE_BYTES
                : null;
    }

    /** What is wrong with a batch of this size, or null. */
    public static @Nullable String batchProblem(int entries, long sizeBytes) {
        if (entries > MAX_BATCH_ENTRIES) {
            return "batch has " + entries + " entries: allowed are at most " + MAX_BATCH_ENTRIES;
        }
        if (sizeBytes > MAX_BATCH_BYTES) {
            return "batch has " + sizeBytes + " bytes: allowed are at most " + MAX_BATCH_BYTES;
        }
        return null;
    }

    /** What is wrong with a batch of swaps, deletes and checks of this size, or null. */
    public static @Nullable String casBatchProblem(int operations, long sizeBytes) {
        if (operations == 0) {
            return "batch is empty: allowed are 1 to " + MAX_CAS_BATCH_OPERATIONS + " operations";
        }
        if (operations > MAX_CAS_BATCH_OPERATIONS) {
            return "batch has "
                    + operations
                    + " operations: allowed are 1 to "
                    + MAX_CAS_BATCH_OPERATIONS;
        }
        return batchProblem(operations, sizeBytes);
    }
}
