package io.flaredb.it.torture;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The kinds of faults, as they are named in options and reports. */
enum FaultClass {
    /** One server, a majority or all end by {@code kill -9}. */
    KILL,
    /** One or several servers stand still (SIGSTOP) and go on. */
    PAUSE,
    /** Regions are led by another replica. */
    TRANSFER,
    /** The placement driver is killed or paused. */
    PD;

    /** A new fault of this class. */
    Fault make() {
        return switch (this) {
            case KILL -> new KillFault();
            case PAUSE -> new PauseFault();
            case TRANSFER -> new TransferFault();
            case PD -> new PdFault();
        };
    }

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code all}, or names with commas between them.
     *
     * @throws IllegalArgumentException with a line for a person
     */
    static Set<FaultClass> parse(String text) {
        if (text.equals("all")) {
            return EnumSet.allOf(FaultClass.class);
        }
        Set<FaultClass> faults = EnumSet.noneOf(FaultClass.class);
        for (String name : text.split(",", -1)) {
            faults.add(named(name));
        }
        return faults;
    }

    private static FaultClass named(String name) {
        for (FaultClass each : values()) {
            if (each.option().equals(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException("no class of faults is named '" + name + "'");
    }
}
