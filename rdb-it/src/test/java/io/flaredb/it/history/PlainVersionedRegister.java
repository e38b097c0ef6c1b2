package io.flaredb.it.history;

import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A versioned key that is always at one version.
 *
 * @param highestVersion a create may take any version up to this one that is free
 */
record PlainVersionedRegister(long highestVersion)
        implements Register<PlainVersionedRegister.Key, Input, Output> {

    /**
     * @param version 0: absent
     */
    record Key(long version, String value, long highest) {}

    @Override
    public Key initial() {
        return new Key(0, "", 0);
    }

    @Override
    public List<Way<Key, Output>> ways(Key key, Input input) {
        List<Way<Key, Output>> ways = new ArrayList<>(alone(key, input));
        ways.add(new Way<>(key, new Output.At(key.version()))); // in a batch that was in conflict
        return ways;
    }

    private List<Way<Key, Output>> alone(Key key, Input input) {
        return switch (input) {
            case Input.Get get ->
                    only(
                            key,
                            key.version() == 0
                                    ? new Output.Absent()
                                    : new Output.Found(key.version(), key.value()));
            case Input.Put(long expected, String value) when expected == key.version() ->
                    expected == 0
                            ? creates(key, value)
                            : List.of(swapped(key.version() + 1, value));
            case Input.Delete(long expected) when expected == key.version() ->
                    only(new Key(0, "", key.highest()), new Output.Swapped(0));
            case Input.Put put -> only(key, conflict(key));
            case Input.Delete delete -> only(key, conflict(key));
        };
    }

    private List<Way<Key, Output>> creates(Key key, String value) {
        return LongStream.rangeClosed(
                        key.highest() + 1, Math.max(key.highest() + 1, highestVersion))
                .mapToObj(version -> swapped(version, value))
                .toList();
    }

    private static Way<Key, Output> swapped(long version, String value) {
        return new Way<>(new Key(version, value, version), new Output.Swapped(version));
    }

    private static Output conflict(Key key) {
        return new Output.Conflict(
                key.version(), key.version() == 0 ? Optional.empty() : Optional.of(key.value()));
    }

    private static List<Way<Key, Output>> only(Key key, Output output) {
        return List.of(new Way<>(key, output));
    }
}
