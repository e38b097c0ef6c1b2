package io.flaredb.raft;

import io.flaredb.storage.RegionId;
import io.flaredb.storage.RegionTables;
import io.flaredb.storage.Replicas;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A snapshot with the records that go with it, fetched from another replica and complete. */
final class FetchedRegion extends NotedSnapshot.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedRegion.class);

    private final NotedSnapshot.At at;
    private final RegionTables tables;
    private final byte[] description;
    private final Path folder;

    FetchedRegion(NotedSnapshot.At at, RegionTables tables, byte[] description, Path folder) {
        super(at);
        this.at = at;
        this.tables = tables;
        this.description = description;
        this.folder = folder;
    }

    NotedSnapshot.At at() {
        return at;
    }

    /** Replaces the region's records. If it is cut short, the engine knows. */
    void install(Replicas replicas, RegionId region, StateMachine<?> machine) {
        replicas.install(
                region,
                machine.range(),
                tables,
                at.meta().getLastIncludedIndex(),
                at.meta().toByteArray(),
                () -> machine.installed(description));
        LOG.info(
                "region {}: installed from store {} at index {}",
                region,
                Long.toUnsignedString(at.peer().storeId()),
                Long.toUnsignedString(tables.appliedIndex()));
        delete(folder);
    }

    /** Deletes a staging folder; what is left is deleted when the folder is used again. */
    static void delete(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            LOG.warn("staging folder {} could not be deleted: {}", folder, e.toString());
        }
    }
}
