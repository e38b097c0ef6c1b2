package io.flaredb.bench.ycsb;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RawKv;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Vector;
import org.jspecify.annotations.Nullable;
import site.ycsb.ByteIterator;
import site.ycsb.Status;

/**
 * YCSB on FlareDB's raw key space. An update of some fields reads the record and writes it whole,
 * and two at once may lose one, as on any store of plain puts; one of all fields only writes.
 */
@SuppressWarnings("NonApiType") // the signatures are those of YCSB
public final class RawBinding extends Binding {
    private static final String WRITE_ALL_FIELDS = "writeallfields";

    @Override
    public Status read(
            String table,
            String key,
            @Nullable Set<String> fields,
            Map<String, ByteIterator> result) {
        return attempt(() -> {
            Optional<Bytes> stored = raw().get(key(table, key));
            stored.ifPresent(bytes -> result.putAll(new Row(bytes).select(fields)));
            return stored.isPresent();
        });
    }

    @Override
    public Status scan(
            String table,
            String startkey,
            int recordcount,
            @Nullable Set<String> fields,
            Vector<HashMap<String, ByteIterator>> result) {
        return attempt(() -> {
            KeyRange range = new KeyRange(key(table, startkey), end(table));
            for (KeyValue each : raw().scan(range, recordcount)) {
                add(result, each.value(), fields);
            }
            return true;
        });
    }

    @Override
    public Status insert(String table, String key, Map<String, ByteIterator> values) {
        return attempt(() -> {
            raw().put(key(table, key), row(values));
            return true;
        });
    }

    @Override
    public Status update(String table, String key, Map<String, ByteIterator> values) {
        if (Boolean.parseBoolean(getProperties().getProperty(WRITE_ALL_FIELDS))) {
            return insert(table, key, values);
        }
        return attempt(() -> {
            Bytes name = key(table, key);
            Optional<Bytes> stored = raw().get(name);
            stored.ifPresent(bytes -> {
                Row row = new Row(bytes);
                row.set(values);
                raw().put(name, row.encode());
            });
            return stored.isPresent();
        });
    }

    @Override
    public Status delete(String table, String key) {
        return attempt(() -> {
            raw().delete(key(table, key));
            return true;
        });
    }

    private RawKv raw() {
        return db().raw();
    }
}
