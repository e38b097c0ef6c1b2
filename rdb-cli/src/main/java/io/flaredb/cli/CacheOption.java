package io.flaredb.cli;

import io.flaredb.storage.StorageOptions;
import picocli.CommandLine.Option;

/** How much memory a store gives to RocksDB's block cache. */
final class CacheOption {
    @Option(
            names = "--block-cache",
            paramLabel = "SIZE",
            defaultValue = "128MiB",
            converter = Converters.Size.class,
            description =
                    "Memory for blocks read from disk, 1MiB to 1024GiB. Default:"
                            + " ${DEFAULT-VALUE}.")
    private long bytes;

    /** This option as another {@code flaredb} is to be given it. */
    String argument() {
        return "--block-cache=" + (bytes >> 20) + "MiB";
    }

    StorageOptions storage() {
        return StorageOptions.defaults().withBlockCacheBytes(bytes);
    }
}
