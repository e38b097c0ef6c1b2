package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/**
 * The disk failed during a commit. Whether the batch had an effect is not known: it may show up, as
 * a whole, once writes resume or after a restart.
 */
public final class WriteFailedException extends StorageException {
    WriteFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
