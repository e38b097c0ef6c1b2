package io.flaredb.storage;

/**
 * How far a region's commands are applied, and which versions it has used up.
 *
 * @param appliedIndex index of the last applied command, unsigned; 0: none
 * @param versionFloor no version up to this one is given to a newly created key, unsigned; at least
 *     the version of every deleted record
 */
record RegionProgress(long appliedIndex, long versionFloor) {
    static final RegionProgress NONE = new RegionProgress(0, 0);

    RegionProgress withAppliedIndex(long index) {
        return new RegionProgress(index, versionFloor);
    }

    RegionProgress withFloorAtLeast(long version) {
        return Long.compareUnsigned(version, versionFloor) > 0
                ? new RegionProgress(appliedIndex, version)
                : this;
    }
}
