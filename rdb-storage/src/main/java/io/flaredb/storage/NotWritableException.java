package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/**
 * A write was refused up front and surely had no effect: an earlier one failed and the disk cannot
 * be written yet. The message says why. Worth trying again: writes resume without a restart.
 */
public final class NotWritableException extends StorageException {
    NotWritableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
