package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.flaredb.bytes.Bytes;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RegionInfo;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code flaredb region}. */
@Command(
        name = "region",
        description = "Look at the cluster's regions, and move their replicas by hand.",
        subcommands = {
            RegionCommand.ListRegions.class,
            RegionCheckCommand.class,
            RegionChangeCommands.TransferLeader.class,
            RegionChangeCommands.AddPeer.class,
            RegionChangeCommands.RemovePeer.class
        })
final class RegionCommand extends CommandGroup {

    @Command(name = "list", description = "List all regions in the order of their keys.")
    static final class ListRegions extends ClientCommand {
        @Override
        ExitCode run(FlareDb db, Output output) {
            List<RegionInfo> regions = db.cluster().regions();
            if (output.isJson()) {
                JsonObject answer = new JsonObject();
                answer.add("regions", json(regions, output));
                output.object(answer);
            } else {
                table(regions, output);
            }
            return ExitCode.DONE;
        }
    }

    static JsonArray json(List<RegionInfo> regions, Output output) {
        JsonArray array = new JsonArray();
        for (RegionInfo region : regions) {
            JsonObject json = new JsonObject();
            json.add("id", Output.unsigned(region.id()));
            json.add("start_key", output.json(region.range().startInclusive()));
            json.add("end_key", output.json(region.range().endExclusive()));
            json.add("conf_version", Output.unsigned(region.epoch().confVersion()));
            json.add("version", Output.unsigned(region.epoch().version()));
            JsonArray stores = new JsonArray();
            region.peerStoreIds().forEach(id -> stores.add(Output.unsigned(id)));
            json.add("stores", stores);
            json.add("leader_store", json(region.leaderStoreId()));
            json.add("term", Output.unsigned(region.term()));
            json.add("approximate_size_bytes", Output.unsigned(region.approximateSizeBytes()));
            json.add("applied_index", Output.unsigned(region.appliedIndex()));
            array.add(json);
        }
        return array;
    }

    static void table(List<RegionInfo> regions, Output output) {
        Table table =
                new Table("REGION", "FROM", "TO", "EPOCH", "STORES", "LEADER", "TERM", "SIZE");
        for (RegionInfo region : regions) {
            table.add(
                    List.of(
                            Long.toUnsignedString(region.id()),
                            bound(region.range().startInclusive()),
                            bound(region.range().endExclusive()),
                            Long.toUnsignedString(region.epoch().confVersion())
                                    + '.'
                                    + Long.toUnsignedString(region.epoch().version()),
                            region.peerStoreIds().stream()
                                    .map(Long::toUnsignedString)
                                    .collect(Collectors.joining(",")),
                            region.leaderStoreId().isPresent()
                                    ? Long.toUnsignedString(region.leaderStoreId().getAsLong())
                                    : "-",
                            Long.toUnsignedString(region.term()),
                            Table.size(region.approximateSizeBytes())));
        }
        table.lines().forEach(output::line);
    }

    private static JsonElement json(OptionalLong id) {
        return id.isPresent() ? Output.unsigned(id.getAsLong()) : JsonNull.INSTANCE;
    }

    /** A table must show any key, so it does not follow --encoding. */
    private static String bound(Bytes key) {
        return key.isEmpty() ? "-" : key.toString();
    }
}
