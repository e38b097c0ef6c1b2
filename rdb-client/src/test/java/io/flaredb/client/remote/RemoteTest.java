package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A client, a scripted placement driver and one scripted store with all keys. */
abstract class RemoteTest {
    static final Bytes KEY = Bytes.utf8("k");
    static final Bytes VALUE = Bytes.utf8("v");

    /** Ends soon what a test expects to fail at its deadline; never reached by anything else. */
    static final FlareDbOptions IMPATIENT =
            FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(1));

    /** What a loaded machine does not exceed. */
    static final FlareDbOptions PATIENT =
            FlareDbOptions.defaults().withTimeout(Duration.ofSeconds(30));

    final ScriptedPlacement placement = new ScriptedPlacement();
    final ScriptedStore store = new ScriptedStore();
    ScriptedServer placementServer;
    ScriptedServer storeServer;
    FlareDb db;

    @BeforeEach
    void start() {
        placementServer = ScriptedServer.start(placement);
        storeServer = ScriptedServer.start(store);
        placement.everythingOn(storeServer.address());
        db = connect(PATIENT);
    }

    FlareDb connect(FlareDbOptions options) {
        return FlareDb.connect(placementServer.address(), options);
    }

    /** A client that gives up soon, in place of the patient one. */
    FlareDb impatient() {
        db.close();
        db = connect(IMPATIENT);
        return db;
    }

    @AfterEach
    void stop() {
        db.close();
        storeServer.close();
        placementServer.close();
    }
}
