package io.flaredb.client.remote;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.RegionEpoch;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever threads do to a table at once, what they see could come from doing it one after another.
 */
@Tag("lincheck") // runs in a JVM of its own, see pom.xml
class RouteTableLincheckTest {
    /** A region before and after a split and a change of its members, and the other half. */
    private static final List<Route> ROUTES =
            List.of(
                    route(1, "a", "e", 1, 1, 1),
                    route(1, "a", "c", 2, 1, 1),
                    route(1, "a", "c", 2, 2, 2),
                    route(2, "c", "e", 2, 1, 3));

    private static final List<Bytes> KEYS = List.of(Bytes.utf8("b"), Bytes.utf8("d"));

    private static Route route(
            long region, String start, String end, long version, long confVersion, long store) {
        return Route.of(
                77,
                Region.newBuilder()
                        .setId(region)
                        .setStartKey(ByteString.copyFromUtf8(start))
                        .setEndKey(ByteString.copyFromUtf8(end))
                        .setEpoch(
                                RegionEpoch.newBuilder()
                                        .setVersion(version)
                                        .setConfVersion(confVersion))
                        .build(),
                store,
                new HostPort("127.0.0.1", (int) store));
    }

    /** Public, as everything in it, since Lincheck makes and calls it by reflection. */
    public static class Table {
        private final RouteTable table = new RouteTable();

        @Operation
        public void put(@Param(gen = IntGen.class, conf = "0:3") int route) {
            table.put(ROUTES.get(route));
        }

        @Operation
        public void replace(
                @Param(gen = IntGen.class, conf = "0:3") int route,
                @Param(gen = IntGen.class, conf = "0:3") int by) {
            table.replace(ROUTES.get(route), ROUTES.get(by));
        }

        @Operation
        public void remove(@Param(gen = IntGen.class, conf = "0:3") int route) {
            table.remove(ROUTES.get(route));
        }

        @Operation
        public String find(@Param(gen = IntGen.class, conf = "0:1") int key) {
            Route found = table.find(KEYS.get(key));
            return found == null
                    ? "none"
                    : found.regionId() + " of " + found.range() + " at " + found.storeId();
        }
    }

    @Test
    void changesAreOneAfterTheOtherInEachInterleaving() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(200)
                .threads(2)
                .actorsPerThread(3)
                .check(Table.class);
    }
}
