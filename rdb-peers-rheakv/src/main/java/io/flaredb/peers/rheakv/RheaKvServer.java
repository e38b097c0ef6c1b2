package io.flaredb.peers.rheakv;

import com.alipay.sofa.jraft.rhea.client.DefaultRheaKVStore;
import com.alipay.sofa.jraft.rhea.options.RheaKVStoreOptions;
import com.alipay.sofa.jraft.rhea.options.RocksDBOptions;
import com.alipay.sofa.jraft.rhea.options.StoreEngineOptions;
import com.alipay.sofa.jraft.rhea.options.configured.PlacementDriverOptionsConfigured;
import com.alipay.sofa.jraft.rhea.options.configured.RheaKVStoreOptionsConfigured;
import com.alipay.sofa.jraft.rhea.storage.StorageType;
import com.alipay.sofa.jraft.util.Endpoint;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** One RheaKV server, without a placement driver: one region, whose members are known. */
final class RheaKvServer {
    static final String CLUSTER = "bench";

    private RheaKvServer() {}

    /** Runs until the process is ended. Arguments: own address, all addresses, data folder. */
    public static void main(String[] arguments) {
        String[] self = arguments[0].split(":", 2);
        Path folder = Path.of(arguments[2]);
        RocksDBOptions rocksDb = new RocksDBOptions();
        rocksDb.setDbPath(folder.resolve("db").toString());
        // The Raft log is synced before an answer; as in FlareDB, what was applied need not be.
        rocksDb.setSync(false);
        StoreEngineOptions engine = new StoreEngineOptions();
        engine.setStorageType(StorageType.RocksDB);
        engine.setRocksDBOptions(rocksDb);
        engine.setRaftDataPath(folder.resolve("raft").toString());
        engine.setServerAddress(new Endpoint(self[0], Integer.parseInt(self[1])));
        RheaKVStoreOptions options =
                RheaKVStoreOptionsConfigured.newConfigured()
                        .withClusterName(CLUSTER)
                        .withInitialServerList(arguments[1])
                        .withStoreEngineOptions(engine)
                        .withPlacementDriverOptions(
                                PlacementDriverOptionsConfigured.newConfigured()
                                        .withFake(true)
                                        .config())
                        .config();
        if (!new DefaultRheaKVStore().init(options)) {
            System.err.println("RheaKV does not start, see above");
            System.exit(1);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
