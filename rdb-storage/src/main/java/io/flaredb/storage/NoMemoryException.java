package io.flaredb.storage;

/** The machine has not the memory that the data folder's caches are to have. */
public final class NoMemoryException extends StorageException {
    NoMemoryException(String message, OutOfMemoryError cause) {
        super(message, cause);
    }
}
