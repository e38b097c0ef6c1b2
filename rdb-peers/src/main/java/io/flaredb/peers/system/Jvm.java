package io.flaredb.peers.system;

import java.util.List;

/** The flags of every JVM here, servers and clients: nobody is tuned. */
final class Jvm {
    /** Memory for the heap, fixed, so that growing it takes no part in what is measured. */
    static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

    static final List<String> FLAGS =
            List.of(
                    HEAP.get(0),
                    HEAP.get(1),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    // Silences a warning about messages that an old protoc has generated.
                    "-Dcom.google.protobuf.use_unsafe_pre22_gencode=true");

    private Jvm() {}
}
