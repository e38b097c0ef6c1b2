package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import java.util.List;

/**
 * What became of a write whose outcome was unknown, see {@link OutcomeUnknownException#resolve}.
 * Each of them is final.
 */
public sealed interface Resolution {
    /** The raw put, delete or batch has happened. */
    record Written() implements Resolution {}

    /**
     * The compare-and-swap or compare-and-delete was decided.
     *
     * @param result its answer. Of a conflict only the version is remembered: its value is empty
     *     here even if the key existed.
     */
    record Swap(CasResult result) implements Resolution {}

    /**
     * The batch of compare-and-swaps was decided.
     *
     * @param result its answer
     */
    record Batch(CasBatchResult result) implements Resolution {}

    /**
     * A raw batch over several regions was written in some of them and will never be in the others.
     *
     * @param written keys that were written
     * @param notDone keys that were not, and will not be
     */
    record WrittenInPart(List<Bytes> written, List<Bytes> notDone) implements Resolution {
        public WrittenInPart {
            written = List.copyOf(written);
            notDone = List.copyOf(notDone);
        }
    }

    /** The write has not happened and never will: it may be done again. */
    record NotDone() implements Resolution {}
}
