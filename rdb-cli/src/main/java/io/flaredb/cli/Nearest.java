package io.flaredb.cli;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Finds options that may stand before the command as well as after it. */
final class Nearest {
    private Nearest() {}

    /**
     * What was given to {@code command} itself, or else to the nearest command it stands under.
     *
     * @param mixin what declares the option
     * @param option reads it; null: not given
     */
    static <M, T> @Nullable T find(
            CommandSpec command, Class<M> mixin, Function<M, @Nullable T> option) {
        for (CommandSpec at = command; at != null; at = at.parent()) {
            for (CommandSpec mixedIn : at.mixins().values()) {
                if (mixin.isInstance(mixedIn.userObject())) {
                    T value = option.apply(mixin.cast(mixedIn.userObject()));
                    if (value != null) {
                        return value;
                    }
                }
            }
        }
        return null;
    }
}
