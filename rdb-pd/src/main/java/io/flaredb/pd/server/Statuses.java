package io.flaredb.pd.server;

import io.flaredb.pd.PlacementDriverException;
import io.flaredb.pd.tso.TimestampsUnavailableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which gRPC status an exception becomes; the only place that decides it. */
final class Statuses {
    private static final Logger LOG = LoggerFactory.getLogger(Statuses.class);

    private Statuses() {}

    static StatusRuntimeException of(RuntimeException e) {
        return status(e).asRuntimeException();
    }

    private static Status status(RuntimeException e) {
        return switch (e) {
            case PlacementDriverException refused ->
                    of(refused).withDescription(e.getMessage()).withCause(e);
            case TimestampsUnavailableException unavailable ->
                    Status.UNAVAILABLE.withDescription(unavailable.getMessage()).withCause(e);
            case IllegalArgumentException invalid ->
                    Status.INVALID_ARGUMENT.withDescription(invalid.getMessage()).withCause(e);
            case StatusRuntimeException ready -> ready.getStatus();
            default -> {
                LOG.error("a request failed in a way nobody foresaw", e);
                yield Status.INTERNAL.withDescription(e.toString()).withCause(e);
            }
        };
    }

    private static Status of(PlacementDriverException refused) {
        return switch (refused) {
            case PlacementDriverException.InvalidRequest invalid -> Status.INVALID_ARGUMENT;
            case PlacementDriverException.WrongCluster wrong -> Status.FAILED_PRECONDITION;
            case PlacementDriverException.OtherFirstRegions other -> Status.FAILED_PRECONDITION;
            case PlacementDriverException.AddressTaken taken -> Status.ALREADY_EXISTS;
            case PlacementDriverException.NotFound missing -> Status.NOT_FOUND;
            case PlacementDriverException.Unavailable unavailable -> Status.UNAVAILABLE;
        };
    }
}
