package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.flaredb.client.FlareDb;
import io.flaredb.client.StoreInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code flaredb store}. */
@Command(
        name = "store",
        description = "Look at the cluster's stores.",
        subcommands = StoreCommand.ListStores.class)
final class StoreCommand extends CommandGroup {

    @Command(name = "list", description = "List all stores.")
    static final class ListStores extends ClientCommand {
        @Override
        ExitCode run(FlareDb db, Output output) {
            List<StoreInfo> stores = db.cluster().stores();
            if (output.isJson()) {
                JsonObject answer = new JsonObject();
                answer.add("stores", json(stores));
                output.object(answer);
            } else {
                table(stores, output);
            }
            return ExitCode.DONE;
        }
    }

    static JsonArray json(List<StoreInfo> stores) {
        JsonArray array = new JsonArray();
        for (StoreInfo store : stores) {
            JsonObject json = new JsonObject();
            json.add("id", Output.unsigned(store.id()));
            json.addProperty("address", store.address());
            json.addProperty("state", word(store.state()));
            json.add(
                    "last_heartbeat",
                    store.lastHeartbeat()
                            .<com.google.gson.JsonElement>map(t -> new JsonPrimitive(t.toString()))
                            .orElse(JsonNull.INSTANCE));
            Optional<StoreInfo.Stats> stats = store.stats();
            json.addProperty(
                    "capacity_bytes", stats.map(StoreInfo.Stats::capacityBytes).orElse(null));
            json.addProperty(
                    "available_bytes", stats.map(StoreInfo.Stats::availableBytes).orElse(null));
            json.addProperty("used_bytes", stats.map(StoreInfo.Stats::usedBytes).orElse(null));
            json.addProperty("region_count", stats.map(StoreInfo.Stats::regionCount).orElse(null));
            json.addProperty("writable", stats.map(StoreInfo.Stats::writable).orElse(null));
            array.add(json);
        }
        return array;
    }

    static void table(List<StoreInfo> stores, Output output) {
        Table table = new Table("STORE", "ADDRESS", "STATE", "REGIONS", "USED", "AVAILABLE");
        for (StoreInfo store : stores) {
            List<String> row = new ArrayList<>();
            row.add(Long.toUnsignedString(store.id()));
            row.add(store.address());
            row.add(state(store));
            Optional<StoreInfo.Stats> stats = store.stats();
            row.add(stats.map(s -> String.valueOf(s.regionCount())).orElse("-"));
            row.add(stats.map(s -> Table.size(s.usedBytes())).orElse("-"));
            row.add(stats.map(s -> Table.size(s.availableBytes())).orElse("-"));
            table.add(row);
        }
        table.lines().forEach(output::line);
    }

    private static String state(StoreInfo store) {
        boolean readOnly = store.stats().isPresent() && !store.stats().get().writable();
        return word(store.state()) + (readOnly ? " (read-only)" : "");
    }

    private static String word(StoreInfo.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
