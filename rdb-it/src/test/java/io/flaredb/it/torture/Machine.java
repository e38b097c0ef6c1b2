package io.flaredb.it.torture;

import io.flaredb.it.fault.DiskErrors;
import io.flaredb.it.fault.FakeClock;
import io.flaredb.it.fault.PowerLoss;
import io.flaredb.it.fault.PowerLoss.Damage;
import io.flaredb.it.fault.SmallDisk;
import io.flaredb.it.fault.SyncWatch;
import io.flaredb.it.process.Node;
import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A PD or server, and the hardware it runs on as far as that can fail.
 *
 * <p>For the torture's thread.
 */
final class Machine implements AutoCloseable {
    private final int number;
    private final Node node;
    private final Hardware hardware;
    private boolean mayEnd;
    private boolean mayRefuse;

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

    /** Until it is whole again it may refuse to start: its data are damaged. */
    void expectRefusal() {
        mayEnd = true;
        mayRefuse = true;
    }

    boolean mayEnd() {
        return mayEnd;
    }

    boolean mayRefuse() {
        return mayRefuse;
    }

    /** Starts anew without its data. */
    void wipe() {
        node.close();
        node.wipe();
        mayRefuse = false;
    }

    void isWhole() {
        mayEnd = false;
        mayRefuse = false;
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
