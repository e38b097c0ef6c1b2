package io.flaredb.it.fault;

import java.nio.charset.StandardCharsets;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** A process that writes to a RocksDB of its own and prints the number of each put that is done. */
final class SyncedPuts {
    private SyncedPuts() {}

    /**
     * Writes until it is killed.
     *
     * @param args the database's folder, and whether each put is synced
     */
    @SuppressWarnings("SystemOut") // the test reads it
    public static void main(String[] args) throws RocksDBException {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, args[0]);
                WriteOptions write = new WriteOptions().setSync(Boolean.parseBoolean(args[1]))) {
            for (int i = 0; ; i++) {
                byte[] number = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
                db.put(write, number, number);
                System.out.println(i);
            }
        }
    }
}
