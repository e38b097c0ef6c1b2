package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a raw key may hold: what was written last, or one of the writes of unknown outcome that came
 * after. Empty means absent. Owned by the key's writer.
 */
final class RawRecord {
    private Optional<Bytes> written = Optional.empty();
    private final List<Optional<Bytes>> perhaps = new ArrayList<>();

    void acknowledged(Optional<Bytes> state) {
        written = state;
        // Requests of one writer arrive in the order they were sent, so none of these can follow.
        perhaps.clear();
    }

    void unknown(Optional<Bytes> state) {
        perhaps.add(state);
    }

    boolean allows(Optional<Bytes> found) {
        return found.equals(written) || perhaps.contains(found);
    }

    @Override
    public String toString() {
        return "written " + written + ", perhaps " + perhaps;
    }
}
