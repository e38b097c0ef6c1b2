package io.flaredb.peers.driver;

import io.flaredb.peers.etcd.proto.MaintenanceGrpc;
import io.flaredb.peers.etcd.proto.StatusRequest;
import io.flaredb.peers.etcd.proto.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Finds the leader of an etcd cluster that may still be starting. */
final class EtcdLeader {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long CALL_SECONDS = 5;

    private EtcdLeader() {}

    static String among(List<String> addresses) throws TimeoutException {
        long deadlineNanos = System.nanoTime() + LONGEST_NANOS;
        while (System.nanoTime() - deadlineNanos < 0) {
            Optional<String> leader = addresses.stream().filter(EtcdLeader::leads).findFirst();
            if (leader.isPresent()) {
                return leader.get();
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw new TimeoutException("no leader among " + addresses);
    }

    private static boolean leads(String address) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            StatusResponse status =
                    MaintenanceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                            .status(StatusRequest.getDefaultInstance());
            return status.getLeader() != 0
                    && status.getLeader() == status.getHeader().getMemberId();
        } catch (StatusRuntimeException notYet) {
            return false;
        } finally {
            channel.shutdownNow();
        }
    }
}
