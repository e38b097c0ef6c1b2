package io.flaredb.server.log;

import io.flaredb.proto.meta.Region;
import io.flaredb.storage.Command;
import io.flaredb.storage.RequestId;
import java.util.List;

/** An entry of a region's log. */
public sealed interface LogEntry {
    /** What a client's request is made into. */
    sealed interface OfClient extends LogEntry {}

    /** A client's write that has no id: a new one each time it comes. */
    record Write(Command command) implements OfClient {}

    /**
     * A client's write that happens once, however often it comes.
     *
     * @param nowMillis when it was proposed, by the clock of who led the region then
     */
    record Numbered(RequestId id, long nowMillis, Command command) implements OfClient {}

    /** What became of a numbered write? If it has not happened, it never will. */
    record Settle(RequestId id, long nowMillis) implements OfClient {}

    /**
     * What came together: takes effect one after the other, and has one place in the log.
     *
     * @param parts 1 to {@link io.flaredb.storage.ApplyBatch#MAX_SHARING}
     */
    record Several(List<OfClient> parts) implements LogEntry {}

    /** What sessions have written that were idle since before this time is forgotten. */
    record ForgetIdle(long beforeMillis) implements LogEntry {}

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
