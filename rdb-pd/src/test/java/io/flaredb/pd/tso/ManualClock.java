package io.flaredb.pd.tso;

/** A clock that stands still until it is told otherwise. */
final class ManualClock implements WallClock {
    private volatile long millis;

    ManualClock(long millis) {
        this.millis = millis;
    }

    @Override
    public long millis() {
        return millis;
    }

    void set(long newMillis) {
        millis = newMillis;
    }
}
