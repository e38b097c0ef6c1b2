package io.flaredb.embedded;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasResult;
import io.flaredb.storage.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What commands came to, as the API tells it. */
final class Outcomes {
    private Outcomes() {}

    static Outcome written(Outcome outcome) {
        if (!(outcome instanceof Outcome.Written)) {
            throw unexpected(outcome);
        }
        return outcome;
    }

    static CasResult swap(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Swapped(long version) -> new CasResult.Swapped(version);
            case Outcome.Conflict(long version, var value) ->
                    new CasResult.Conflict(version, Optional.ofNullable(value));
            case Outcome.Written _, Outcome.BatchSwapped _, Outcome.BatchConflict _ ->
                    throw unexpected(outcome);
        };
    }

    /** Whether a conflict lacks the value that its caller is to be told. */
    static boolean lacksValue(CasResult result) {
        return result instanceof CasResult.Conflict(long version, var value)
                && version != 0
                && value.isEmpty();
    }

    /**
     * @param keys of the command, in its order
     */
    static CasBatchResult batch(List<Bytes> keys, Outcome outcome) {
        return switch (outcome) {
            case Outcome.BatchSwapped(var versions) ->
                    new CasBatchResult.Swapped(byKey(keys, versions));
            case Outcome.BatchConflict(var versions) ->
                    new CasBatchResult.Conflict(byKey(keys, versions));
            case Outcome.Written _, Outcome.Swapped _, Outcome.Conflict _ ->
                    throw unexpected(outcome);
        };
    }

    private static Map<Bytes, Long> byKey(List<Bytes> keys, List<Long> versions) {
        Map<Bytes, Long> byKey = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            byKey.put(keys.get(i), versions.get(i));
        }
        return byKey;
    }

    private static IllegalStateException unexpected(Outcome outcome) {
        return new IllegalStateException("a command of another kind ends as " + outcome);
    }
}
