package io.flaredb.cli;

import io.flaredb.client.CasKv;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RawKv;
import picocli.CommandLine.Option;

/** Whether any replica may answer. */
final class StaleOption {
    @Option(
            names = "--stale",
            description =
                    "Let any replica answer, not only the leader: the answer may be outdated, and"
                            + " comes even while there is no leader.")
    private boolean stale;

    RawKv raw(FlareDb db) {
        return stale ? db.raw().stale() : db.raw();
    }

    CasKv cas(FlareDb db) {
        return stale ? db.cas().stale() : db.cas();
    }
}
