package io.flaredb.it.torture;

import io.flaredb.it.fault.DiskErrors;
import io.flaredb.it.fault.FakeClock;
import io.flaredb.it.fault.Network;
import io.flaredb.it.fault.SmallDisk;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.process.Node;
import io.flaredb.it.process.Place;
import io.flaredb.it.torture.Machine.Hardware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sets up machines with all that is needed to make them fail in the ways that are asked for. */
final class MachineRoom implements AutoCloseable {
    /** Small and quick to start, since several clusters share a machine. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    Place.JAVA_OPTS,
                    "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                    "FLAREDB_LOG_LEVEL",
                    "info");

    private static final int PORT = 20_160;

    /** A server wants a quarter of a small disk free, and has some 100 MiB of its own. */
    private static final int DISK_MIB = 512;

    private final Path folder;
    private final Path logs;
    private final Set<FaultClass> faults;
    private final @Nullable Network network; // null: all are on this machine's loopback

    /**
     * @param folder for data
     * @param machines how many there will be
     */
    MachineRoom(TortureOptions options, Path folder, int machines) {
        this.folder = folder;
        this.logs = options.report().resolve(Torture.LOGS);
        this.faults = options.faults();
        this.network = faults.contains(FaultClass.PARTITION) ? Network.create(machines) : null;
    }

    Machine pd(int number) throws IOException {
        return machine(number, "pd", List.of("pd"), Optional.empty());
    }

    /**
     * A server that is off.
     *
     * @param number from 0, each once
     * @param arguments of {@code flaredb}
     */
    Machine server(int number, List<String> arguments) throws IOException {
        String name = "server-" + number;
        Optional<SmallDisk> disk =
                faults.contains(FaultClass.DISK_FULL)
                        ? Optional.of(SmallDisk.mount(folder.resolve(name), DISK_MIB))
                        : Optional.empty();
        return machine(number, name, arguments, disk);
    }

    private Machine machine(
            int number, String name, List<String> arguments, Optional<SmallDisk> disk)
            throws IOException {
        // Libraries and control files must not be on the disk that fails.
        Path tools = Files.createDirectories(folder.resolve(name + ".tools"));
        Path data = disk.map(SmallDisk::folder).orElse(folder).resolve(name);
        Hardware hardware =
                new Hardware(
                        faults.contains(FaultClass.POWER)
                                ? Optional.of(SyncWatch.compile(tools))
                                : Optional.empty(),
                        faults.contains(FaultClass.CLOCK)
                                ? Optional.of(FakeClock.create(tools))
                                : Optional.empty(),
                        faults.contains(FaultClass.IO_ERROR)
                                ? Optional.of(DiskErrors.create(tools, data))
                                : Optional.empty(),
                        disk);
        Place place = place(number, data).with(ENVIRONMENT);
        // The one that fails comes before the one that watches what did not.
        place = with(place, hardware.diskErrors().map(DiskErrors::environment));
        place = with(place, hardware.watch().map(SyncWatch::environment));
        place = with(place, hardware.clock().map(FakeClock::environment));
        return new Machine(
                number, new Node(name, place, arguments, logs.resolve(name + ".log")), hardware);
    }

    private Place place(int number, Path data) {
        return network == null
                ? Place.local(data)
                : Place.at(data, network.host(number) + ":" + PORT, network.commandPrefix(number));
    }

    private static Place with(Place place, Optional<Map<String, String>> environment) {
        return environment.map(place::with).orElse(place);
    }

    Network network() {
        if (network == null) {
            throw new IllegalStateException("this run has no network of its own");
        }
        return network;
    }

    @Override
    public void close() {
        if (network != null) {
            network.close();
        }
    }
}
