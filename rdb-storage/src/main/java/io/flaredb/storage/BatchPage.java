package io.flaredb.storage;

import java.util.List;

/**
 * Part of a batch get, read from one snapshot.
 *
 * @param entries the records of those keys that exist, in the order asked
 * @param keysDone how many of the keys, from the first, this page answers; at least 1 of a batch
 *     that has any
 */
public record BatchPage(List<KeyValue> entries, int keysDone) {
    public BatchPage {
        entries = List.copyOf(entries);
    }
}
