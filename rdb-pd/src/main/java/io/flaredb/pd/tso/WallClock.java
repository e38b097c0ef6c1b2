package io.flaredb.pd.tso;

/** Where the oracle reads the time. It may jump either way; the oracle's answers do not. */
@FunctionalInterface
public interface WallClock {
    /** The machine's own clock. */
    WallClock SYSTEM = System::currentTimeMillis;

    /** Milliseconds since 1970. Called on every allocation: must not block. */
    long millis();
}
