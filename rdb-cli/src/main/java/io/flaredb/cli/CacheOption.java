package io.flaredb.cli;

import io.flaredb.storage.StorageOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** How much memory a store gives to its caches. */
final class CacheOption {
    @Option(
            names = "--block-cache",
            paramLabel = "SIZE",
            defaultValue = "128MiB",
            converter = Converters.Size.class,
            description =
                    "Memory for blocks read from disk, 1MiB to 1024GiB. Default:"
                            + " ${DEFAULT-VALUE}.")
    private long blockBytes;

    @Option(
            names = "--record-cache",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            converter = Converters.SizeOrNone.class,
            description =
                    "Memory for small records that were read, 1MiB to 1024GiB, or 0 for none."
                            + " Default: ${DEFAULT-VALUE}.")
    private long recordBytes;

    /** These options as another {@code flaredb} is to be given them. */
    List<String> arguments() {
        return List.of(
                "--block-cache=" + (blockBytes >> 20) + "MiB",
                "--record-cache=" + (recordBytes == 0 ? "0" : (recordBytes >> 20) + "MiB"));
    }

    StorageOptions storage() {
        return StorageOptions.defaults()
                .withBlockCacheBytes(blockBytes)
                .withRecordCacheBytes(recordBytes);
    }
}
