package io.flaredb.cli;

import io.flaredb.rpc.HostAndPort;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where PD is, for every command that talks to it. */
final class PdOption {
    /** Counts where no option is given. */
    static final String VARIABLE = "FLAREDB_PD";

    static final String DEFAULT = "127.0.0.1:2379";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--pd",
            paramLabel = "H:P",
            order = 100,
            description = "Where PD is. Default: $" + VARIABLE + ", or " + DEFAULT + ".")
    private @Nullable String option;

    /**
     * Where PD is.
     *
     * @throws ParameterException naming what was given and what is allowed
     */
    HostAndPort address() {
        String given = Nearest.find(mixee, PdOption.class, pd -> pd.option);
        if (given != null) {
            return parse("--pd", given);
        }
        String variable = FlaredbCommand.of(mixee).terminal().env().getOrDefault(VARIABLE, "");
        return variable.isEmpty() ? HostAndPort.parse(DEFAULT) : parse(VARIABLE, variable);
    }

    private HostAndPort parse(String source, String text) {
        try {
            return HostAndPort.parseReachable(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    mixee.commandLine(), "invalid value for " + source + ": " + e.getMessage(), e);
        }
    }
}
