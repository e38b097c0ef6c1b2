package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.flaredb.proto.raft.FrameType;

/** The library's messages as frames. What is not here is neither sent nor understood. */
final class FrameTypes {
    private FrameTypes() {}

    static FrameType ofRequest(Object request) {
        return switch (request) {
            case AppendEntriesRequest _ -> FrameType.FRAME_TYPE_APPEND_ENTRIES;
            case RequestVoteRequest _ -> FrameType.FRAME_TYPE_VOTE;
            case TimeoutNowRequest _ -> FrameType.FRAME_TYPE_TIMEOUT_NOW;
            case ReadIndexRequest _ -> FrameType.FRAME_TYPE_READ_INDEX;
            case InstallSnapshotRequest _ -> FrameType.FRAME_TYPE_INSTALL_SNAPSHOT;
            default ->
                    throw new IllegalArgumentException(
                            request.getClass().getSimpleName() + " is not sent between stores");
        };
    }

    /** Whether it is a sign of life, or asks for one: what must not wait behind entries. */
    static boolean isUrgent(Object request) {
        return switch (request) {
            case AppendEntriesRequest append -> isHeartbeat(append);
            case InstallSnapshotRequest _ -> false;
            default -> true;
        };
    }

    /** A request for entries that has none but is no heartbeat has its data field set. */
    static boolean isHeartbeat(AppendEntriesRequest append) {
        return append.getEntriesCount() == 0 && !append.hasData();
    }

    static Message parseRequest(FrameType type, ByteString bytes)
            throws InvalidProtocolBufferException {
        return switch (type) {
            case FRAME_TYPE_APPEND_ENTRIES -> AppendEntriesRequest.parseFrom(bytes);
            case FRAME_TYPE_VOTE -> RequestVoteRequest.parseFrom(bytes);
            case FRAME_TYPE_TIMEOUT_NOW -> TimeoutNowRequest.parseFrom(bytes);
            case FRAME_TYPE_READ_INDEX -> ReadIndexRequest.parseFrom(bytes);
            case FRAME_TYPE_INSTALL_SNAPSHOT -> InstallSnapshotRequest.parseFrom(bytes);
            case FRAME_TYPE_ERROR, FRAME_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new InvalidProtocolBufferException("no request: " + type);
        };
    }

    static FrameType ofAnswer(FrameType asked, Object answer) {
        return answer instanceof ErrorResponse ? FrameType.FRAME_TYPE_ERROR : asked;
    }

    static Message parseAnswer(FrameType type, ByteString bytes)
            throws InvalidProtocolBufferException {
        return switch (type) {
            case FRAME_TYPE_APPEND_ENTRIES -> AppendEntriesResponse.parseFrom(bytes);
            case FRAME_TYPE_VOTE -> RequestVoteResponse.parseFrom(bytes);
            case FRAME_TYPE_TIMEOUT_NOW -> TimeoutNowResponse.parseFrom(bytes);
            case FRAME_TYPE_READ_INDEX -> ReadIndexResponse.parseFrom(bytes);
            case FRAME_TYPE_INSTALL_SNAPSHOT -> InstallSnapshotResponse.parseFrom(bytes);
            case FRAME_TYPE_ERROR -> ErrorResponse.parseFrom(bytes);
            case FRAME_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new InvalidProtocolBufferException("no answer: " + type);
        };
    }
}
