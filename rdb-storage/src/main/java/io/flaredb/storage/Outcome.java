package io.flaredb.storage;

import io.flaredb.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Command} came to. Holds only once the batch it was applied in is committed. */
public sealed interface Outcome {
    /** A raw command was done. */
    record Written() implements Outcome {}

    /**
     * The expected version was there and the change was made.
     *
     * @param version the key's version now, unsigned; 0: the key is absent now
     */
    record Swapped(long version) implements Outcome {}

    /**
     * The key was at another version than expected; nothing changed.
     *
     * @param currentVersion unsigned; 0: the key is absent
     * @param currentValue null if the key is absent, or if the value is not kept
     */
    record Conflict(long currentVersion, @Nullable Bytes currentValue) implements Outcome {
        /** The same where the value is not kept. */
        public Conflict withoutValue() {
            return new Conflict(currentVersion, null);
        }

        /** Whether there was a value that is not kept. */
        public boolean lacksValue() {
            return currentVersion != 0 && currentValue == null;
        }
    }

    /**
     * Every key was at its expected version and all steps were carried out.
     *
     * @param versions of the keys now, unsigned, in the order of the steps; 0: absent
     */
    record BatchSwapped(List<Long> versions) implements Outcome {
        public BatchSwapped {
            versions = List.copyOf(versions);
        }
    }

    /**
     * At least one key was at another version than expected; nothing changed.
     *
     * @param versions of the keys, unsigned, in the order of the steps; 0: absent
     */
    record BatchConflict(List<Long> versions) implements Outcome {
        public BatchConflict {
            versions = List.copyOf(versions);
        }
    }
}
