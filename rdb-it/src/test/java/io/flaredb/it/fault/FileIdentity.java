package io.flaredb.it.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * Tells a file from all others, over renames. The time of birth is part of it since a file system
 * gives a deleted file's inode to the next new one.
 */
record FileIdentity(long inode, long birthSeconds, int birthNanos) {
    static FileIdentity of(Path file) throws IOException {
        long inode = (Long) Files.getAttribute(file, "unix:ino");
        Instant birth =
                Files.readAttributes(file, BasicFileAttributes.class).creationTime().toInstant();
        return new FileIdentity(inode, birth.getEpochSecond(), birth.getNano());
    }
}
