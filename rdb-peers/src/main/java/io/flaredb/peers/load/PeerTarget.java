package io.flaredb.peers.load;

import io.flaredb.bench.Target;
import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A system that is measured with puts, gets and swaps.
 *
 * <p>FlareDB keeps raw and versioned keys apart, so here they get names of their own.
 */
public abstract class PeerTarget implements Target {
    private static final int AT_A_TIME = 32;
    private static final byte RAW = 'r';
    private static final byte VERSIONED = 'v';

    private final String name;

    /**
     * @param name what the report calls it
     */
    protected PeerTarget(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean supports(Workload workload) {
        return switch (workload) {
            case PUT, GET -> true;
            case CAS -> supportsCas();
            case GET_STALE, CAS_CONTENDED, SCAN, MIXED, TSO -> false;
        };
    }

    /** Whether it compares and swaps. */
    protected boolean supportsCas() {
        return true;
    }

    /** The name of a raw key. */
    protected static byte[] raw(Bytes key) {
        return named(RAW, key);
    }

    /** The name of a versioned key. */
    protected static byte[] versioned(Bytes key) {
        return named(VERSIONED, key);
    }

    private static byte[] named(byte kind, Bytes key) {
        byte[] name = new byte[key.size() + 1];
        name[0] = kind;
        System.arraycopy(key.unsafeArray(), 0, name, 1, key.size());
        return name;
    }

    /** The bytes of a key as text: the load's keys are ASCII. */
    protected static String text(Bytes key) {
        return new String(key.unsafeArray(), StandardCharsets.US_ASCII);
    }

    /** A few at a time: some clients refuse thousands. */
    @Override
    public CompletableFuture<?> putAll(Map<Bytes, Bytes> entries) {
        CompletableFuture<?> done = CompletableFuture.completedFuture(null);
        Iterator<Map.Entry<Bytes, Bytes>> rest = List.copyOf(entries.entrySet()).iterator();
        while (rest.hasNext()) {
            List<Map.Entry<Bytes, Bytes>> next = new ArrayList<>();
            while (rest.hasNext() && next.size() < AT_A_TIME) {
                next.add(rest.next());
            }
            done = done.thenCompose(before -> putAll(next));
        }
        return done;
    }

    private CompletableFuture<Void> putAll(List<Map.Entry<Bytes, Bytes>> entries) {
        return CompletableFuture.allOf(
                entries.stream()
                        .map(entry -> put(entry.getKey(), entry.getValue()))
                        .toArray(CompletableFuture<?>[]::new));
    }
}
