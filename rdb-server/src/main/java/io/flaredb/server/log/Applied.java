package io.flaredb.server.log;

import io.flaredb.proto.meta.Region;
import io.flaredb.storage.Fate;
import java.util.List;

/** What an entry of the log came to. */
public sealed interface Applied {
    /** Of a write, numbered or not, or of the question what became of one. */
    record Ended(Fate fate) implements Applied {}

    /** Of several in one entry, in their order. */
    record Several(List<Applied> parts) implements Applied {}

    /** Nothing that anybody waits for. */
    record Done() implements Applied {}

    /** Of a write that no state of the region allows. */
    record Refused(String why) implements Applied {}

    /** The region as it is now, whether or not the entry changed it. */
    record Described(Region region) implements Applied {}

    /** The checksum is being computed. */
    record Checking(long index) implements Applied {}
}
