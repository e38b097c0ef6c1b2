import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RefusedException;
import io.flaredb.client.VersionedValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A user's program, started from its source by Java 17 with nothing but the client to help it. */
public class Session {
    public static void main(String[] args) throws Exception {
        Bytes key = Bytes.utf8("greeting");
        try (FlareDb db = FlareDb.connect(args[0])) {
            db.raw().put(key, Bytes.utf8("hello"));
            expect("hello", db.raw().get(key).map(Bytes::utf8).orElseThrow());
            db.raw().batchPut(Map.of(Bytes.utf8("a"), Bytes.utf8("1"), Bytes.utf8("b"), Bytes.utf8("2")));
            expect(2, db.raw().batchGet(List.of(Bytes.utf8("a"), Bytes.utf8("b"), Bytes.utf8("c"))).size());
            expect(3, db.raw().scan(KeyRange.ALL, 10).size());
            db.raw().async().delete(key).get();
            expect(true, db.raw().get(key).isEmpty());

            expect(new CasResult.Swapped(1), db.cas().put(key, 0, Bytes.utf8("one")));
            if (!(db.cas().put(key, 7, Bytes.utf8("two")) instanceof CasResult.Conflict conflict)) {
                throw new AssertionError("no conflict");
            }
            expect(1L, conflict.currentVersion());
            VersionedValue updated = db.cas().update(key, now -> Bytes.utf8(now.orElseThrow().utf8() + "!"));
            expect("one!", updated.value().utf8());
            expect(
                    new CasBatchResult.Swapped(Map.of(key, 3L)),
                    db.cas().batch(List.of(CasOperation.swap(key, 2, Bytes.utf8("three")))));
            expect(true, db.tso().next() < db.tso().next());
        }
        try {
            FlareDb.openEmbedded(Path.of("never-made"));
            throw new AssertionError("opened an embedded store on a Java too old for it");
        } catch (RefusedException e) {
            expect("an embedded FlareDB needs Java 25 or newer: this is Java 17", e.getMessage());
        }
        System.out.println("done");
    }

    private static void expect(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }
}
