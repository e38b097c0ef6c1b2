package io.flaredb.it.torture;

import io.flaredb.it.fault.DiskErrors;
import io.flaredb.it.fault.FakeClock;
import io.flaredb.it.fault.PowerLoss;
import io.flaredb.it.fault.PowerLoss.Damage;
import io.flaredb.it.fault.SmallDisk;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.process.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/**
 * A PD or server, and the hardware it runs on as far as that can fail.
 *
 * <p>For the torture's thread, except {@link #holdsDamage}.
 */
final class Machine implements AutoCloseable {
    private final int number;
    private final Node node;
    private final Hardware hardware;
    private final List<Path> damaged = new CopyOnWriteArrayList<>();
    private volatile boolean justDamaged; // as damaged, read by the load as well
    private boolean mayEnd;

    /** What can fail; each is there only if a run asks for that. */
    record Hardware(
            Optional<SyncWatch> watch,
            Optional<FakeClock> clock,
            Optional<DiskErrors> diskErrors,
            Optional<SmallDisk> disk) {}

    /**
     * @param number its place in the network, from 0
     */
    Machine(int number, Node node, Hardware hardware) {
        this.number = number;
        this.node = node;
        this.hardware = hardware;
    }

    int number() {
        return number;
    }

    Node node() {
        return node;
    }

    boolean isStarted() {
        return node.isStarted();
    }

    /** Whether its process is there; it may be paused. */
    boolean isRunning() {
        return node.isRunning();
    }

    /** Takes away what was not synced; the process must have been killed. */
    Damage losePower(PowerLoss loss, RandomGenerator random) throws IOException {
        return loss.strike(node.place().data(), hardware.watch().orElseThrow(), random);
    }

    FakeClock clock() {
        return hardware.clock().orElseThrow();
    }

    DiskErrors diskErrors() {
        return hardware.diskErrors().orElseThrow();
    }

    /** Servers only. */
    SmallDisk disk() {
        return hardware.disk().orElseThrow();
    }

    /** Until it is whole again it may end by itself: a fault is such that it should. */
    void expectEnd() {
        mayEnd = true;
    }

    /**
     * Until it is whole again, and as long as this file of its data is there, it may refuse to
     * start, or end: it may be long until it reads what is damaged.
     */
    void damaged(Path file) {
        damaged.add(file);
        justDamaged = true;
    }

    boolean mayEnd() {
        return mayEnd || holdsDamage();
    }

    /** Whether there may be damage that it has not got rid of. */
    boolean holdsDamage() {
        return justDamaged || damaged.stream().anyMatch(Files::exists);
    }

    /** Starts anew without its data. */
    void wipe() {
        node.close();
        node.wipe();
        damaged.clear(); // new files may have their names
        justDamaged = false;
    }

    void isWhole() {
        mayEnd = false;
        justDamaged = false;
    }

    /** Copies its data to where they stay when its disk goes; it must not run. */
    void keepData() {
        hardware.disk().ifPresent(SmallDisk::keepFiles);
    }

    @Override
    public void close() {
        node.close();
        hardware.disk().ifPresent(SmallDisk::close);
    }

    @Override
    public String toString() {
        return node.name();
    }
}
