package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/**
 * The data folder cannot be used as it is: not a directory, not accessible, foreign files, an
 * unknown column family, another role, a newer format. It is left as it was.
 */
public final class DataFolderUnusableException extends StorageException {
    DataFolderUnusableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
