package io.flaredb.cli;

import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasResult;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.Resolution;
import io.flaredb.client.UnavailableException;
import java.util.function.Supplier;

/**
 * Does a command's write, and where its outcome is unknown asks what became of it, for as long as
 * {@code --timeout} once more: nobody can ask any more once the command has ended.
 *
 * <p>Fails with the {@link OutcomeUnknownException} of who could not be asked either, or with an
 * {@link UnavailableException} if the write has surely not happened.
 */
final class Settled {
    private Settled() {}

    static void raw(Runnable write) {
        try {
            write.run();
        } catch (OutcomeUnknownException unknown) {
            switch (unknown.resolve()) {
                case Resolution.Written _ -> {}
                case Resolution.NotDone _ -> throw notDone(unknown);
                case Resolution.WrittenInPart inPart ->
                        throw new CommandException(
                                ExitCode.FAILED,
                                inPart.written().size()
                                        + " keys were written, "
                                        + inPart.notDone().size()
                                        + " of other regions were not and will not be");
                case Resolution.Swap _, Resolution.Batch _ -> throw unknown;
            }
        }
    }

    /** A conflict may be without its value, see {@link Resolution.Swap}. */
    static CasResult swap(Supplier<CasResult> write) {
        try {
            return write.get();
        } catch (OutcomeUnknownException unknown) {
            return switch (unknown.resolve()) {
                case Resolution.Swap(CasResult result) -> result;
                case Resolution.NotDone _ -> throw notDone(unknown);
                case Resolution.Written _, Resolution.WrittenInPart _, Resolution.Batch _ ->
                        throw unknown;
            };
        }
    }

    static CasBatchResult batch(Supplier<CasBatchResult> write) {
        try {
            return write.get();
        } catch (OutcomeUnknownException unknown) {
            return switch (unknown.resolve()) {
                case Resolution.Batch(CasBatchResult result) -> result;
                case Resolution.NotDone _ -> throw notDone(unknown);
                case Resolution.Written _, Resolution.WrittenInPart _, Resolution.Swap _ ->
                        throw unknown;
            };
        }
    }

    private static UnavailableException notDone(OutcomeUnknownException unknown) {
        return new UnavailableException(
                "no answer came in time, and the write has not happened and will not", unknown);
    }
}
