package io.flaredb.bench.ceiling;

import io.flaredb.bench.Target;
import io.flaredb.bench.Workload;
import java.nio.file.Path;
import java.util.List;

/** A part of the machine that bounds what FlareDB can do, and which workloads it bounds. */
public enum Ceiling {
    /** One append of 512 bytes after the other, each synced: bounds a write that is alone. */
    DISK_SYNC("fdatasync, 512 B appends", Workload.PUT),
    /** Puts that wait together are synced together, by one thread on a plain RocksDB. */
    GROUP_COMMIT_PUT("RocksDB, one sync for all that waits: put", Workload.PUT),
    /** The same with a read and a comparison before each write. */
    GROUP_COMMIT_CAS("RocksDB, one sync for all that waits: cas", Workload.CAS),
    /** One call per value, to another process and back. */
    UNARY_ECHO("gRPC unary echo", Workload.PUT),
    /** One message per value on one stream, to another process and back. */
    STREAM_ECHO("gRPC stream echo", Workload.PUT),
    /** All that waits shares one message on a stream, to another process and back. */
    SHARED_ECHO("gRPC stream echo, what waits shares a message", Workload.TSO);

    private final String title;
    private final Workload workload;

    Ceiling(String title, Workload workload) {
        this.title = title;
        this.workload = workload;
    }

    /** What tables call it. */
    public String title() {
        return title;
    }

    /** The workload that measures it. */
    public Workload workload() {
        return workload;
    }

    /** The workloads of FlareDB that it is compared with. */
    public List<Workload> bounds() {
        return switch (this) {
            case DISK_SYNC -> List.of(Workload.PUT, Workload.CAS);
            case GROUP_COMMIT_PUT -> List.of(Workload.PUT);
            case GROUP_COMMIT_CAS -> List.of(Workload.CAS);
            case UNARY_ECHO, STREAM_ECHO -> List.of(Workload.GET, Workload.PUT, Workload.CAS);
            case SHARED_ECHO -> List.of(Workload.TSO);
        };
    }

    /**
     * With how many operations in flight it is measured: the disk alone takes one after the other.
     *
     * @param asked for
     */
    List<Integer> inFlight(List<Integer> asked) {
        return this == DISK_SYNC ? List.of(1) : asked;
    }

    /**
     * Opens it.
     *
     * @param folder exists, on the disk that is asked about; not deleted
     * @param echoPort of an echo server, see {@link Ceilings}
     */
    Target open(Path folder, int echoPort) {
        return switch (this) {
            case DISK_SYNC -> new DiskSync(folder);
            case GROUP_COMMIT_PUT -> new GroupCommit(folder.resolve("put"));
            case GROUP_COMMIT_CAS -> new GroupCommit(folder.resolve("cas"));
            case UNARY_ECHO -> new UnaryEcho(echoPort);
            case STREAM_ECHO, SHARED_ECHO -> new StreamEcho(echoPort);
        };
    }
}
