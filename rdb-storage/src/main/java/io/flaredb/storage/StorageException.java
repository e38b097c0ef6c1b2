package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/** What can go wrong with a data folder and the disk under it. The message names the folder. */
public abstract sealed class StorageException extends RuntimeException
        permits CorruptionException,
                DataFolderInUseException,
                DataFolderUnusableException,
                NoMemoryException,
                NotWritableException,
                ReadFailedException,
                WriteFailedException {
    StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
