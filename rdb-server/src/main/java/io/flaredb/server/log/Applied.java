package io.flaredb.server.log;

import io.flaredb.proto.meta.Region;
import io.flaredb.storage.Outcome;

/** What an entry of the log came to. */
public sealed interface Applied {
    /** Of a write. */
    record Written(Outcome outcome) implements Applied {}

    /** Of a write that no state of the region allows. */
    record Refused(String why) implements Applied {}

    /** The region as it is now, whether or not the entry changed it. */
    record Described(Region region) implements Applied {}

    /** The checksum is being computed. */
    record Checking(long index) implements Applied {}
}
