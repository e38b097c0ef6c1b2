package io.flaredb.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * All records of a region at one moment, as table files to be taken over by another store.
 *
 * @param appliedIndex the last log entry they reflect, unsigned
 * @param versionFloor of the region, unsigned
 * @param raw raw records, in ascending order over all files
 * @param cas compare-and-swap records, likewise
 * @param requests how the region's numbered writes ended, likewise
 */
public record RegionTables(
        long appliedIndex, long versionFloor, List<Path> raw, List<Path> cas, List<Path> requests) {
    public RegionTables {
        raw = List.copyOf(raw);
        cas = List.copyOf(cas);
        requests = List.copyOf(requests);
    }
}
