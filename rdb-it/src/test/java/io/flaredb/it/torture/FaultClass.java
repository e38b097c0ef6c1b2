package io.flaredb.it.torture;

import io.flaredb.it.fault.DiskErrors;
import io.flaredb.it.fault.FakeClock;
import io.flaredb.it.fault.Network;
import io.flaredb.it.fault.SmallDisk;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The kinds of faults, as they are named in options and reports. */
enum FaultClass {
    /** One server, a majority or all end by {@code kill -9}. */
    KILL,
    /** One or several servers stand still (SIGSTOP) and go on. */
    PAUSE,
    /** The same as {@link #KILL}, and what was not synced is gone. */
    POWER,
    /** Packets between some processes are dropped: all, one way, or some percent. */
    PARTITION,
    /** Wall clocks jump. */
    CLOCK,
    /** A server's disk is full. */
    DISK_FULL,
    /** Writes or syncs fail. */
    IO_ERROR,
    /** Bytes in the files of a server that is off change. */
    FLIP,
    /** Regions are led by another replica. */
    TRANSFER,
    /** Regions move from one server to another. */
    MEMBERSHIP,
    /** A server misses so much that it has to get whole regions, or has lost its data. */
    SNAPSHOT,
    /** The placement driver is killed or paused. */
    PD;

    /** A new fault of this class. */
    Fault make() {
        return switch (this) {
            case KILL -> new KillFault();
            case PAUSE -> new PauseFault();
            case POWER -> new PowerFault();
            case PARTITION -> new PartitionFault();
            case CLOCK -> new ClockFault();
            case DISK_FULL -> new DiskFullFault();
            case IO_ERROR -> new IoErrorFault();
            case FLIP -> new FlipFault();
            case TRANSFER -> new TransferFault();
            case MEMBERSHIP -> new MembershipFault();
            case SNAPSHOT -> new SnapshotFault();
            case PD -> new PdFault();
        };
    }

    /** What this machine lacks for it; empty: nothing. */
    Optional<String> missing() {
        return switch (this) {
            case KILL, PAUSE, FLIP, TRANSFER, MEMBERSHIP, SNAPSHOT, PD -> Optional.empty();
            case PARTITION -> Network.missing();
            case CLOCK -> FakeClock.missing();
            case DISK_FULL -> SmallDisk.missing();
            // A C compiler, both.
            case POWER, IO_ERROR -> DiskErrors.missing();
        };
    }

    /** Whether a server may be without its data afterwards. */
    boolean mayLoseData() {
        return this == SNAPSHOT || this == FLIP;
    }

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code all}, which is all that this machine can do, or names with commas between them.
     *
     * @throws IllegalArgumentException with a line for a person
     */
    static Set<FaultClass> parse(String text) {
        Set<FaultClass> faults = EnumSet.noneOf(FaultClass.class);
        if (text.equals("all")) {
            EnumSet.allOf(FaultClass.class).stream()
                    .filter(each -> each.missing().isEmpty())
                    .forEach(faults::add);
            return faults;
        }
        for (String name : text.split(",", -1)) {
            FaultClass fault = named(name);
            fault.missing()
                    .ifPresent(lack -> {
                        throw new IllegalArgumentException(name + " needs " + lack);
                    });
            faults.add(fault);
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
