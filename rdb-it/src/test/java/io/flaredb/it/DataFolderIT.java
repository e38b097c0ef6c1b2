package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.Cli;
import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.FlareProcess.ReadyLine;
import io.flaredb.it.process.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Data folders that a process must not touch: it says so in one line and ends, and they stay whole.
 */
class DataFolderIT {
    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @TempDir Path folder;

    @BeforeAll
    static void start(@TempDir Path clusterFolder) {
        cluster = Cluster.started(clusterFolder);
        assertThat(cluster.cli().run("raw", "put", "k", "v").exitCode()).isZero();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void assertUnharmed() {
        cluster.start();
        assertThat(cluster.cli().run("raw", "get", "k").stdout()).isEqualTo("v");
    }

    @Test
    void ofAnotherProcessIsRefused() {
        assertRefused(
                server(cluster.serverData(), cluster.pdAddress()), "in use", cluster.serverData());
        assertRefused(pd(cluster.pdData()), "in use", cluster.pdData());

        assertUnharmed();
    }

    @Test
    void ofAnotherClusterIsRefused() {
        try (FlareProcess otherPd = pd(folder)) {
            ReadyLine other = otherPd.awaitReady();
            cluster.killServer();

            Finished stray = server(cluster.serverData(), other.after("ready:")).awaitExit();

            assertThat(stray.exitCode()).as(stray.toString()).isEqualTo(1);
            assertThat(stray.complaint())
                    .contains(other.after("ready:"))
                    .contains("cluster " + other.after("cluster"))
                    .contains("belongs to cluster " + cluster.pd().awaitReady().after("cluster"));
            assertThat(stray.stdout()).isEmpty();
            Finished stores = new Cli(other.after("ready:")).run("-o", "json", "store", "list");
            assertThat(stores.stdout()).doesNotContain("127.0.0.1");
        }
        assertUnharmed();
    }

    @Test
    void ofTheOtherRoleIsRefused() {
        cluster.killServer();
        assertRefused(pd(cluster.serverData()), "belongs to a store", cluster.serverData());
        assertUnharmed();

        cluster.killPd();
        assertRefused(
                server(cluster.pdData(), cluster.pdAddress()),
                "belongs to a placement driver",
                cluster.pdData());
        assertUnharmed();
    }

    @Test
    void withAnUnknownColumnFamilyIsRefused() throws RocksDBException {
        cluster.killServer();
        addColumnFamily(cluster.serverData(), "from_the_future");

        assertRefused(
                server(cluster.serverData(), cluster.pdAddress()),
                "from_the_future",
                cluster.serverData());

        dropColumnFamily(cluster.serverData(), "from_the_future");
        assertUnharmed();
    }

    @Test
    void withForeignFilesIsRefusedAndLeftAlone() throws IOException {
        Path thesis = Files.writeString(folder.resolve("thesis.tex"), "chapter 1");

        assertRefused(pd(folder), "thesis.tex", folder);
        assertRefused(server(folder, FreePorts.address()), "thesis.tex", folder);

        assertThat(folder).isDirectoryContaining(file -> file.equals(thesis));
        assertThat(thesis).hasContent("chapter 1");
    }

    @Test
    void ofAForeignRocksDbIsRefusedAndLeftAlone() throws RocksDBException {
        byte[] key = "foreign".getBytes(StandardCharsets.UTF_8);
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB foreign = RocksDB.open(options, folder.toString())) {
            foreign.put(key, key);
        }

        assertRefused(pd(folder), "data folder", folder);

        try (RocksDB foreign = RocksDB.openReadOnly(folder.toString())) {
            assertThat(foreign.get(key)).isEqualTo(key);
        }
    }

    @Test
    void thatIsAFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");

        assertRefused(pd(file), "not a directory", file);

        assertThat(file).hasContent("text");
    }

    private static FlareProcess pd(Path data) {
        return FlareProcess.flaredb("pd", "--data-dir", data.toString(), "--addr", "127.0.0.1:0");
    }

    private static FlareProcess server(Path data, String pdAddress) {
        return FlareProcess.flaredb(
                "server",
                "--data-dir",
                data.toString(),
                "--addr",
                "127.0.0.1:0",
                "--pd",
                pdAddress);
    }

    private static void assertRefused(FlareProcess process, String reason, Path data) {
        Finished finished = process.awaitExit();

        assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(1);
        assertThat(finished.complaint()).contains(reason).contains(data.toString());
        assertThat(finished.stdout()).isEmpty();
    }

    private static void addColumnFamily(Path data, String name) throws RocksDBException {
        changeColumnFamilies(
                data,
                (db, handles) -> {
                    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
                    db.createColumnFamily(new ColumnFamilyDescriptor(bytes)).close();
                });
    }

    private static void dropColumnFamily(Path data, String name) throws RocksDBException {
        changeColumnFamilies(
                data,
                (db, handles) -> {
                    for (ColumnFamilyHandle handle : handles) {
                        if (new String(handle.getName(), StandardCharsets.UTF_8).equals(name)) {
                            db.dropColumnFamily(handle);
                        }
                    }
                });
    }

    private static void changeColumnFamilies(Path data, Change change) throws RocksDBException {
        List<ColumnFamilyDescriptor> families;
        try (Options options = new Options()) {
            families =
                    RocksDB.listColumnFamilies(options, data.toString()).stream()
                            .map(ColumnFamilyDescriptor::new)
                            .toList();
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB db = RocksDB.open(options, data.toString(), families, handles)) {
            change.apply(db, handles);
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    /** What another program does to the database. */
    private interface Change {
        void apply(RocksDB db, List<ColumnFamilyHandle> handles) throws RocksDBException;
    }
}
