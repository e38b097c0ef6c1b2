package io.flaredb.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.error.RaftError;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An entry's way back to who proposed it. */
final class Proposal<R> implements Closure {
    private final CompletableFuture<R> outcome = new CompletableFuture<>();
    private final RaftGroup<R> group;

    Proposal(RaftGroup<R> group) {
        this.group = group;
    }

    CompletableFuture<R> outcome() {
        return outcome;
    }

    /** The entry was applied. */
    void complete(R result) {
        outcome.complete(result);
    }

    /** Called by the library only if the entry was not applied here. */
    @Override
    public void run(Status status) {
        outcome.completeExceptionally(failure(status));
    }

    private RaftFailure failure(Status status) {
        @Nullable RaftError error = status.getRaftError();
        if (error == RaftError.EBUSY) {
            return new GroupBusyException(String.valueOf(status.getErrorMsg()));
        }
        if (error == RaftError.ENODESHUTDOWN) {
            return new ClosedException("the replica is closing");
        }
        // The library has one code for "not appended, this is no leader" and for "appended, but
        // leadership was lost since"; only the text tells. Whatever is not surely the first is
        // taken for the second, so a library that words it otherwise costs answers, not safety.
        if (error == RaftError.EPERM && "Is not leader.".equals(status.getErrorMsg())) {
            return new NotLeaderException(group.state().leader());
        }
        return new OutcomeUnknownException("the entry's fate is unknown: " + status.getErrorMsg());
    }
}
