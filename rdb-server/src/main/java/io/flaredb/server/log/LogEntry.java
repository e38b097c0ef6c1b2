package io.flaredb.server.log;

import io.flaredb.proto.meta.Region;
import io.flaredb.storage.Command;

/** An entry of a region's log. */
public sealed interface LogEntry {
    /** A client's write. */
    record Write(Command command) implements LogEntry {}

    /**
     * The region's descriptor after a change of its members.
     *
     * @param region takes effect only if its epoch follows the one at hand, so that a repeat does
     *     nothing
     */
    record Describe(Region region) implements LogEntry {}

    /** All replicas compute a checksum of the region at this place in the log. */
    record Check(long checkId) implements LogEntry {}
}
