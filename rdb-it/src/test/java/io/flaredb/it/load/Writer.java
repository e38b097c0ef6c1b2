package io.flaredb.it.load;

import io.flaredb.client.FlareDb;

/** One thread's part of the load. */
interface Writer {
    /** Does one operation and remembers its outcome. Called by one thread, through the gate. */
    void step(FlareDb db);

    /**
     * Compares all that is remembered with the database. Called while the gate is closed.
     *
     * @param settled nothing sent before can still happen, since the store was restarted meanwhile:
     *     what is found now is the only possible state
     */
    void check(FlareDb db, boolean settled);
}
