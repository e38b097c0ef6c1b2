package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasResult;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RefusedException;
import java.nio.file.Path;
import java.time.Duration;

/** Someone's program: uses the client, and says how it went. */
final class OlderJavaProgram {
    private OlderJavaProgram() {}

    public static void main(String[] args) {
        Bytes key = Bytes.utf8("k");
        FlareDbOptions patient = FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(30));
        try (FlareDb db = FlareDb.connect(args[0], patient)) {
            db.raw().put(key, Bytes.utf8("v"));
            for (KeyValue entry : db.raw().scan(KeyRange.ALL)) {
                System.out.println(entry.key().utf8() + "=" + entry.value().utf8());
            }
            CasResult result = db.cas().put(key, 0, Bytes.utf8("1"));
            System.out.println(result);
            System.out.println(
                    db.cas().async().update(key, value -> Bytes.utf8("2")).join().version());
            System.out.println(db.tso().next() > 0);
        }
        try {
            FlareDb.openEmbedded(Path.of(args[1]));
        } catch (RefusedException e) {
            System.out.println(e.getMessage());
        }
    }
}
