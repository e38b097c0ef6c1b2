package io.flaredb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.FlareDb;
import io.flaredb.client.InvalidRequestException;
import io.flaredb.client.RefusedException;
import io.flaredb.client.UnavailableException;
import io.flaredb.client.VersionedValue;
import io.flaredb.proto.meta.Region;
import io.flaredb.server.InitialRegions;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.StorageEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data folder of an embedded store. */
class EmbeddedFlareDbTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");

    @TempDir Path dir;

    private static FlareDb open(Path dataDir) {
        return FlareDb.openEmbedded(dataDir, FlareDbContract.OPTIONS);
    }

    @Test
    void makesItsFolder() {
        Path dataDir = dir.resolve("a/b");
        try (FlareDb db = open(dataDir)) {
            db.raw().put(KEY, VALUE);
        }
        assertThat(dataDir.resolve("pd")).isDirectory();
        assertThat(dataDir.resolve("store")).isDirectory();
    }

    @Test
    void refusesAFolderThatIsOpen() {
        try (FlareDb first = open(dir)) {
            first.raw().put(KEY, VALUE);

            assertThatThrownBy(() -> open(dir))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(dir.toString())
                    .hasMessageContaining("in use");
            assertThat(first.raw().get(KEY)).contains(VALUE);
        }
    }

    @Test
    void refusesAFolderOfSomethingElse() throws Exception {
        Files.writeString(dir.resolve("thesis.tex"), "precious");

        assertThatThrownBy(() -> open(dir))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "data folder "
                                + dir
                                + " holds \"thesis.tex\" but no FlareDB: allowed are an empty"
                                + " folder, or one that FlareDB has made");
        assertThat(dir).isDirectoryNotContaining(file -> Files.isDirectory(file));
    }

    @Test
    void refusesAFile() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "");

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("data folder " + file);
    }

    @Test
    void refusesTheStoreOfAnotherCluster() throws Exception {
        open(dir.resolve("a")).close();
        open(dir.resolve("b")).close();
        Path own = dir.resolve("a/store");
        Path foreign = dir.resolve("b/store");
        Files.move(own, dir.resolve("kept"));
        Files.move(foreign, own);

        assertThatThrownBy(() -> open(dir.resolve("a")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cluster");

        Files.move(own, foreign); // neither has suffered, and nothing is left open
        Files.move(dir.resolve("kept"), own);
        open(dir.resolve("a")).close();
        open(dir.resolve("b")).close();
    }

    @Test
    void worksInAFolderThatAServerHasCutIntoRegions() {
        InitialRegions cut = new InitialRegions(1, List.of(Bytes.utf8("h"), Bytes.utf8("p")));
        LocalCluster.start(dir, StoreOptions.defaults().withInitialRegions(cut)).close();
        Map<Bytes, Bytes> entries = new LinkedHashMap<>();
        for (String letter : List.of("z", "a", "i", "b", "q")) {
            entries.put(Bytes.utf8(letter), VALUE);
        }
        try (FlareDb db = open(dir)) {
            db.raw().batchPut(entries);

            assertThat(db.raw().batchGet(entries.keySet())).isEqualTo(entries);
            assertThat(
                            db.cas()
                                    .batch(
                                            List.of(
                                                    CasOperation.swap(Bytes.utf8("a"), 0, VALUE),
                                                    CasOperation.swap(Bytes.utf8("b"), 0, VALUE))))
                    .isInstanceOf(CasBatchResult.Swapped.class);
            assertThatThrownBy(() ->
                            db.cas()
                                    .batch(
                                            List.of(
                                                    CasOperation.check(Bytes.utf8("a"), 1),
                                                    CasOperation.delete(Bytes.utf8("i"), 0))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageMatching(
                            "batch has keys of several regions: key \"a\" is in region \\d+, key"
                                    + " \"i\" in region \\d+: allowed are keys of one region");
        }
    }

    @Test
    void refusesAPlacementDriverWhoseStoreIsElsewhere() throws Exception {
        Path store = dir.resolve("data/store");
        Path elsewhere = dir.resolve("elsewhere");
        open(dir.resolve("data")).close();
        Files.move(store, elsewhere);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> open(dir.resolve("data")))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            "data folder "
                                    + store
                                    + " is not there, but its placement driver knows a store: its"
                                    + " records are elsewhere, and an embedded store has no others");
            assertThat(store).doesNotExist();
        }

        Files.move(elsewhere, store);
        try (FlareDb db = open(dir.resolve("data"))) {
            assertThat(db.cluster().stores()).hasSize(1);
        }
    }

    @Test
    void refusesAStoreWithAPartOfTheKeys() {
        InitialRegions cut = new InitialRegions(1, List.of(Bytes.utf8("h"), Bytes.utf8("p")));
        LocalCluster.start(dir, StoreOptions.defaults().withInitialRegions(cut)).close();
        for (String gone : List.of("p", "h", "")) {
            forgetRegionFrom(Bytes.utf8(gone));

            assertThatThrownBy(() -> open(dir))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage(
                            "data folder %s lacks keys of its cluster, from \"%s\" on: an embedded store has no others to ask"
                                    .formatted(dir.resolve("store"), gone));
        }
    }

    /** As if it had moved to another store. */
    private void forgetRegionFrom(Bytes start) {
        try (StorageEngine store =
                StorageEngine.open(dir.resolve("store"), StoreOptions.defaults().storage())) {
            store.regions()
                    .forEach((id, stored) -> {
                        Region region = RegionPeer.parse(id, stored);
                        if (start.equals(Bytes.wrap(region.getStartKey().toByteArray()))) {
                            store.removeRegion(id);
                        }
                    });
        }
    }

    @Test
    void keepsNoProgramFromEnding() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (FlareDb db = open(dir)) {
            db.raw().async().put(KEY, VALUE).join();
            assertThat(db.raw().async().get(KEY).join()).contains(VALUE);

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !thread.isDaemon() && !before.contains(thread))
                    .isEmpty();
        }
    }

    @Test
    void saysThatAnInterruptEndedTheOpeningAndOpensAgain() {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> open(dir));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("interrupted while opening " + dir);

        try (FlareDb db = open(dir)) {
            db.raw().put(KEY, VALUE);
            assertThat(db.raw().get(KEY)).contains(VALUE);
        }
    }

    @Test
    @SuppressWarnings("NullAway") // as a caller may do who does not have it checked
    void opensNothingWithoutOptions() {
        assertThatThrownBy(() -> FlareDb.openEmbedded(dir, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
        assertThat(dir).isEmptyDirectory();
        assertThatThrownBy(() -> FlareDb.connect("127.0.0.1:1", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
    }

    @Test
    void sharesItsFolderWithServers() {
        try (FlareDb db = open(dir)) {
            db.raw().put(KEY, VALUE);
            db.cas().put(KEY, 0, VALUE);
        }
        long timestamp;
        try (LocalCluster cluster = LocalCluster.start(dir);
                FlareDb db = FlareDb.connect(cluster.placementAddress(), FlareDbContract.OPTIONS)) {
            assertThat(db.raw().get(KEY)).contains(VALUE);
            db.cas().put(KEY, 1, Bytes.utf8("w"));
            timestamp = db.tso().next();
        }
        try (FlareDb db = open(dir)) {
            assertThat(db.cas().get(KEY)).contains(new VersionedValue(2, Bytes.utf8("w")));
            assertThat(db.tso().next()).isGreaterThan(timestamp);
        }
    }
}
