package io.flaredb.cli;

import com.google.gson.JsonObject;
import io.flaredb.client.Cluster;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.StoreInfo;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code flaredb status}. */
@Command(name = "status", description = "Show the cluster: its id, its stores and its regions.")
final class StatusCommand extends ClientCommand {
    @Override
    ExitCode run(FlareDb db, Output output) {
        Cluster cluster = db.cluster();
        long clusterId = cluster.clusterId();
        List<StoreInfo> stores = cluster.stores();
        List<RegionInfo> regions = cluster.regions();
        if (output.isJson()) {
            JsonObject answer = new JsonObject();
            answer.addProperty("pd", pd.address().toString());
            answer.add("cluster_id", Output.unsigned(clusterId));
            answer.add("stores", StoreCommand.json(stores));
            answer.add("regions", RegionCommand.json(regions, output));
            output.object(answer);
            return ExitCode.DONE;
        }
        long up = stores.stream().filter(s -> s.state() == StoreInfo.State.UP).count();
        output.line("pd       " + pd.address());
        output.line("cluster  " + Long.toUnsignedString(clusterId));
        output.line("stores   " + stores.size() + " (" + up + " up)");
        output.line("regions  " + regions.size());
        if (!stores.isEmpty()) {
            output.line("");
            StoreCommand.table(stores, output);
        }
        return ExitCode.DONE;
    }
}
