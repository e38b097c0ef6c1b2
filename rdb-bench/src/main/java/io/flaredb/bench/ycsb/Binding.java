package io.flaredb.bench.ycsb;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.Vector;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import site.ycsb.ByteIterator;
import site.ycsb.DB;
import site.ycsb.DBException;
import site.ycsb.Status;

/**
 * What both bindings share. The property {@code flaredb.pd} says where PD is. A table's name goes
 * before the key, with a colon between them.
 */
@SuppressWarnings("NonApiType") // the signatures are those of YCSB
abstract class Binding extends DB {
    private static final String PD = "flaredb.pd";
    private static final String DEFAULT_PD = "127.0.0.1:2379";

    private @Nullable FlareDb db;

    @Override
    public final void init() throws DBException {
        String pd = getProperties().getProperty(PD, DEFAULT_PD);
        try {
            db = SharedClient.acquire(pd);
        } catch (FlareDbException e) { // which YCSB would not report
            throw new DBException("cannot connect to " + pd, e);
        }
    }

    @Override
    public final void cleanup() {
        if (db != null) {
            db = null;
            SharedClient.release();
        }
    }

    /** The client; there is one between {@link #init()} and {@link #cleanup()}. */
    final FlareDb db() {
        if (db == null) {
            throw new IllegalStateException("used before init");
        }
        return db;
    }

    static Bytes key(String table, String key) {
        return Bytes.utf8(table + ':' + key);
    }

    /** The first key behind a table: a semicolon is what follows a colon. */
    static Bytes end(String table) {
        return Bytes.utf8(table + ';');
    }

    /**
     * Runs an operation, and says on stderr why it failed if it did, since YCSB only counts.
     * Whatever is thrown is a failure: YCSB would end the thread and count nothing.
     *
     * @param operation gives whether it found what it was asked for
     */
    static Status attempt(Supplier<Boolean> operation) {
        try {
            return operation.get() ? Status.OK : Status.NOT_FOUND;
        } catch (RuntimeException e) {
            System.err.println("flaredb: " + e);
            return Status.ERROR;
        }
    }

    static Bytes row(Map<String, ByteIterator> values) {
        Row row = new Row();
        row.set(values);
        return row.encode();
    }

    static void add(
            Vector<HashMap<String, ByteIterator>> result,
            Bytes stored,
            @Nullable Set<String> fields) {
        result.add(new HashMap<>(new Row(stored).select(fields)));
    }
}
