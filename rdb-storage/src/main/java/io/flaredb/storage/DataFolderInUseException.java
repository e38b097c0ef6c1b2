package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/** Another process, or another engine in this one, has the data folder open. */
public final class DataFolderInUseException extends StorageException {
    DataFolderInUseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
