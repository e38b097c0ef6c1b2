package io.flaredb.storage;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Places at which a test can end the process at once, as losing it would: between two steps that a
 * crash must not come between unnoticed. Off unless the JVM is started with the system property
 * {@value #PROPERTY}, for example {@code -Dflaredb.crash=LOG_APPENDED:3}, which ends it when it
 * comes to that point the third time.
 *
 * <p>When off, {@link #reached()} compares a constant with null, which the compiler drops.
 */
public enum CrashPoint {
    /** Entries are to be written to a region's log. */
    LOG_APPENDING,
    /** They are durable, and nobody knows yet. */
    LOG_APPENDED,
    /** What entries came to is to be written to the records. */
    APPLYING,
    /** It is, in memory. */
    APPLIED,
    /** All entries at hand are applied, those who proposed them don't know yet. */
    ANSWERING,
    /** Records are to be brought to disk. */
    FLUSHING,
    /** They are there. */
    FLUSHED,
    /** A region's snapshot is noted, its log not cut yet. */
    SNAPSHOT_NOTED,
    /** A log is to be cut at its beginning. */
    LOG_CUTTING,
    /** It is. */
    LOG_CUT,

    /** A region's records are to be copied for another store. */
    EXPORTING,
    /** Of its files those of raw records are sent. */
    HALF_SENT,
    /** The first piece of another store's records is here. */
    RECEIVING,

    /** All of another store's records are here, nothing of the replica is touched. */
    INSTALL_FETCHED,
    /** The replica is marked as being installed. */
    INSTALL_MARKED,
    /** Its own records are gone. */
    INSTALL_CLEARED,
    /** Only the new raw records are there. */
    INSTALL_HALF_INGESTED,
    /** All new records are there, the applied index is not. */
    INSTALL_INGESTED,
    /** The applied index is there, in memory. */
    INSTALL_COMMITTED,
    /** All is on disk, the mark is still there. */
    INSTALL_FLUSHED,
    /** The mark is gone. */
    INSTALLED,

    /** A replica is about to be made. */
    CREATING,
    /** Its descriptor is durable, it does not run yet. */
    CREATED,

    /** A replica that is to be removed has stopped and is marked. */
    DESTROY_MARKED,
    /** Its records are gone, in memory. */
    DESTROY_CLEARED,
    /** Its records are gone on disk. */
    DESTROY_FLUSHED,
    /** Its log is gone. */
    DESTROY_LOG_RESET,
    /** Nothing of it is left. */
    DESTROYED;

    /** Names the point and how many times it is to be reached: {@code NAME} or {@code NAME:N}. */
    public static final String PROPERTY = "flaredb.crash";

    /** What the process ends with, so that it cannot be taken for another failure. */
    public static final int EXIT_CODE = 99;

    private static final @Nullable Armed ARMED = Armed.by(System.getProperty(PROPERTY));

    private record Armed(CrashPoint point, AtomicLong left) {
        static @Nullable Armed by(@Nullable String text) {
            if (text == null) {
                return null;
            }
            int colon = text.indexOf(':');
            String name = colon < 0 ? text : text.substring(0, colon);
            try {
                return new Armed(
                        valueOf(name),
                        new AtomicLong(colon < 0 ? 1 : Long.parseLong(text.substring(colon + 1))));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s is %s: allowed are NAME and NAME:N with N from 1 and NAME of %s"
                                .formatted(PROPERTY, text, Arrays.toString(values())),
                        e);
            }
        }
    }

    /** Ends the process if it was started for that. Nothing is closed, flushed or handed over. */
    public void reached() {
        if (ARMED != null && ARMED.point == this && ARMED.left.decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** The property's value with which a process ends here, the {@code occurrence}th time. */
    public String at(int occurrence) {
        return name() + ":" + occurrence;
    }
}
