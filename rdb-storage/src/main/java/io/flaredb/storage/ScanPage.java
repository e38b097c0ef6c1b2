package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a scan, read from one snapshot.
 *
 * @param entries in ascending order of keys
 * @param resumeKey the first key in the range that was not returned, from which the next page
 *     starts; null: the range ends here
 */
public record ScanPage<E>(List<E> entries, @Nullable Bytes resumeKey) {
    public ScanPage {
        entries = List.copyOf(entries);
    }
}
