package io.flaredb.bench.ycsb;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasKv;
import io.flaredb.client.CasResult;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Vector;
import org.jspecify.annotations.Nullable;
import site.ycsb.ByteIterator;
import site.ycsb.Status;

/**
 * YCSB on FlareDB's versioned key space. An update reads the record and swaps it on the version it
 * read, again if another was faster, so that none is lost. An insert creates; where the key is
 * there already it replaces what it finds, for YCSB may load the same keys twice.
 */
@SuppressWarnings("NonApiType") // the signatures are those of YCSB
public final class CasBinding extends Binding {
    @Override
    public Status read(
            String table,
            String key,
            @Nullable Set<String> fields,
            Map<String, ByteIterator> result) {
        return attempt(() -> {
            Optional<VersionedValue> stored = cas().get(key(table, key));
            stored.ifPresent(record -> result.putAll(new Row(record.value()).select(fields)));
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
            for (VersionedEntry each : cas().scan(range, recordcount)) {
                add(result, each.value(), fields);
            }
            return true;
        });
    }

    @Override
    public Status insert(String table, String key, Map<String, ByteIterator> values) {
        return attempt(() -> {
            Bytes name = key(table, key);
            Bytes row = row(values);
            if (cas().put(name, 0, row) instanceof CasResult.Conflict) {
                cas().update(name, found -> row);
            }
            return true;
        });
    }

    @Override
    public Status update(String table, String key, Map<String, ByteIterator> values) {
        return attempt(() -> {
            Bytes name = key(table, key);
            Row changes = new Row();
            changes.set(values);
            Optional<VersionedValue> stored = cas().get(name);
            while (stored.isPresent()) {
                Bytes changed = new Row(stored.get().value()).with(changes).encode();
                switch (cas().put(name, stored.get().version(), changed)) {
                    case CasResult.Swapped(long version) -> {
                        return true;
                    }
                    case CasResult.Conflict(long version, Optional<Bytes> current) ->
                            stored = current.map(value -> new VersionedValue(version, value));
                }
            }
            return false;
        });
    }

    @Override
    public Status delete(String table, String key) {
        return attempt(() -> {
            Bytes name = key(table, key);
            Optional<VersionedValue> stored = cas().get(name);
            while (stored.isPresent()) {
                switch (cas().delete(name, stored.get().version())) {
                    case CasResult.Swapped(long version) -> {
                        return true;
                    }
                    case CasResult.Conflict(long version, Optional<Bytes> current) ->
                            stored = current.map(value -> new VersionedValue(version, value));
                }
            }
            return false;
        });
    }

    private CasKv cas() {
        return db().cas();
    }
}
