package io.flaredb.storage;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what was written. Nothing is served from them; restore a backup. */
public final class CorruptionException extends StorageException {
    /** For records whose contents only their owner can judge, such as a region's descriptor. */
    public CorruptionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
