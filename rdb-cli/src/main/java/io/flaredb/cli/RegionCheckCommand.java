package io.flaredb.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.flaredb.client.FlareDb;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code flaredb region check}. */
@Command(
        name = "check",
        description = "Compare all replicas of a region, or of all regions: do they hold the same?",
        footer =
                "%nEach replica computes a checksum of all it holds at the same entry of the log,"
                        + " while reads and writes go on. Exit code 1: replicas differ. Exit code 5:"
                        + " none differ, but one was not looked at, say because its store is down.%n"
                        + "A check takes as long as reading all data: without --timeout it waits"
                        + " for 10m, for each region.")
final class RegionCheckCommand extends ClientCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "REGION",
            converter = Converters.Unsigned64.class,
            description = Texts.REGION + " Default: all regions.")
    private @Nullable Long region;

    @Override
    Duration defaultTimeout() {
        return Duration.ofMinutes(10);
    }

    @Override
    ExitCode run(FlareDb db, Output output) {
        List<RegionCheck> checks =
                region != null
                        ? List.of(db.cluster().checkRegion(region))
                        : checkAll(db.cluster().regions(), db.cluster()::checkRegion);
        if (output.isJson()) {
            output.object(json(checks));
        } else {
            table(checks).lines().forEach(output::line);
        }
        CommandException complaint = complaint(checks);
        if (complaint != null) {
            output.finish(); // what was found comes before what is wrong with it
            throw complaint;
        }
        return ExitCode.DONE;
    }

    /** A region that cannot be checked must not hide what is wrong with another. */
    static List<RegionCheck> checkAll(List<RegionInfo> regions, LongFunction<RegionCheck> check) {
        List<RegionCheck> checks = new ArrayList<>();
        for (RegionInfo each : regions) {
            try {
                checks.add(check.apply(each.id()));
            } catch (UnavailableException e) {
                checks.add(
                        new RegionCheck(
                                each.id(),
                                0,
                                each.peerStoreIds().stream()
                                        .<RegionCheck.Replica>map(store ->
                                                new RegionCheck.Missing(store, e.getMessage()))
                                        .toList()));
            }
        }
        return checks;
    }

    /** What is wrong; null: nothing. */
    static @Nullable CommandException complaint(List<RegionCheck> checks) {
        Set<String> complaints = new LinkedHashSet<>();
        boolean differ = false;
        for (RegionCheck check : checks) {
            String name = "region " + Long.toUnsignedString(check.regionId());
            if (differ(check)) {
                differ = true;
                complaints.add(name + ": its replicas differ");
            }
            for (RegionCheck.Replica replica : check.replicas()) {
                if (replica instanceof RegionCheck.Missing(long storeId, String reason)) {
                    String which =
                            check.index() == 0
                                    ? ": no replica was looked at: "
                                    : ": the replica on store "
                                            + Long.toUnsignedString(storeId)
                                            + " was not looked at: ";
                    complaints.add(name + which + reason);
                }
            }
        }
        return complaints.isEmpty()
                ? null
                : new CommandException(
                        differ ? ExitCode.FAILED : ExitCode.UNAVAILABLE,
                        String.join("; ", complaints));
    }

    /** Whether those that were looked at hold different things. */
    static boolean differ(RegionCheck check) {
        return check.replicas().stream()
                        .filter(RegionCheck.Computed.class::isInstance)
                        .map(RegionCheck.Computed.class::cast)
                        .map(each ->
                                new RegionCheck.Computed(
                                        0, each.checksum(), each.rawRecords(), each.casRecords()))
                        .distinct()
                        .count()
                > 1;
    }

    static Table table(List<RegionCheck> checks) {
        Table table = new Table("REGION", "INDEX", "STORE", "CHECKSUM", "RAW", "CAS", "RESULT");
        for (RegionCheck check : checks) {
            String compared = differ(check) ? "differs" : "same";
            for (RegionCheck.Replica replica : check.replicas()) {
                List<String> row = new ArrayList<>();
                row.add(Long.toUnsignedString(check.regionId()));
                row.add(Long.toUnsignedString(check.index()));
                row.add(Long.toUnsignedString(replica.storeId()));
                switch (replica) {
                    case RegionCheck.Computed computed -> {
                        row.add(HexFormat.of().toHexDigits(computed.checksum()));
                        row.add(Long.toUnsignedString(computed.rawRecords()));
                        row.add(Long.toUnsignedString(computed.casRecords()));
                        row.add(compared);
                    }
                    case RegionCheck.Missing missing -> row.addAll(List.of("-", "-", "-", "none"));
                }
                table.add(row);
            }
        }
        return table;
    }

    static JsonObject json(List<RegionCheck> checks) {
        JsonArray regions = new JsonArray();
        for (RegionCheck check : checks) {
            JsonObject json = new JsonObject();
            json.add("id", Output.unsigned(check.regionId()));
            json.addProperty("consistent", check.isConsistent());
            json.add("index", Output.unsigned(check.index()));
            JsonArray replicas = new JsonArray();
            check.replicas().forEach(replica -> replicas.add(json(replica)));
            json.add("replicas", replicas);
            regions.add(json);
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("consistent", checks.stream().allMatch(RegionCheck::isConsistent));
        answer.add("regions", regions);
        return answer;
    }

    private static JsonObject json(RegionCheck.Replica replica) {
        JsonObject json = new JsonObject();
        json.add("store", Output.unsigned(replica.storeId()));
        switch (replica) {
            case RegionCheck.Computed computed -> {
                json.addProperty("checksum", HexFormat.of().toHexDigits(computed.checksum()));
                json.add("raw_records", Output.unsigned(computed.rawRecords()));
                json.add("cas_records", Output.unsigned(computed.casRecords()));
            }
            case RegionCheck.Missing missing -> json.addProperty("missing", missing.reason());
        }
        return json;
    }
}
