package io.flaredb.raft;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Transfers of a group's leadership that wait to see who leads then. Thread-safe. */
final class Transfers {
    private final Peer self;
    private final List<Transfer> waiting = new CopyOnWriteArrayList<>();

    /**
     * @param to null: whoever it is
     */
    private record Transfer(@Nullable Peer to, CompletableFuture<Void> done) {}

    Transfers(Peer self) {
        this.self = self;
    }

    /**
     * @param asking asks for it; null: it is under way, else why not
     * @return done when the other leads
     */
    CompletableFuture<Void> begin(@Nullable Peer to, Supplier<@Nullable RaftFailure> asking) {
        Transfer transfer = new Transfer(to, new CompletableFuture<>());
        waiting.add(transfer); // first: it may be over before who was asked has answered
        RaftFailure refusal = asking.get();
        if (refusal != null) {
            waiting.remove(transfer);
            transfer.done().completeExceptionally(refusal);
        }
        return transfer.done();
    }

    /** Ends those that have come to something, and all if the replica has failed. */
    void see(GroupState next) {
        Peer leader = next.leader();
        if (leader == null && next.role() != GroupState.Role.FAILED) {
            return;
        }
        for (Transfer transfer : waiting) {
            Peer to = transfer.to();
            waiting.remove(transfer);
            if (leader != null && (to == null ? !leader.equals(self) : to.equals(leader))) {
                transfer.done().complete(null);
            } else {
                transfer.done()
                        .completeExceptionally(
                                new GroupBusyException(
                                        (to == null ? "nobody" : to) + " took over"));
            }
        }
    }
}
