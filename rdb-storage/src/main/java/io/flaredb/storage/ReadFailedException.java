package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/** The disk could not be read (an I/O error, not wrong bytes). */
public final class ReadFailedException extends StorageException {
    ReadFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
