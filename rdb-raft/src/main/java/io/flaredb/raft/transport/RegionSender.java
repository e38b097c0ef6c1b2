package io.flaredb.raft.transport;

import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.FetchRegionResponse;
import io.grpc.stub.ServerCallStreamObserver;

/** Sends the records of a region to a replica that starts anew. */
public interface RegionSender {
    /** Must not block; ends the stream in any case. */
    void send(FetchRegionRequest request, ServerCallStreamObserver<FetchRegionResponse> answers);
}
