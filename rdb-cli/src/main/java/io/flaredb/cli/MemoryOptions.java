package io.flaredb.cli;

import io.flaredb.storage.StorageOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** How much memory a store gives to its caches, and to what is not flushed yet. */
final class MemoryOptions {
    @Option(
            names = "--block-cache",
            paramLabel = "SIZE",
            defaultValue = "128MiB",
            converter = Converters.CacheSize.class,
            description =
                    "Memory for blocks read from disk, 1MiB to 1024GiB. Default:"
                            + " ${DEFAULT-VALUE}.")
    private long blockBytes;

    @Option(
            names = "--record-cache",
            paramLabel = "SIZE",
            defaultValue = "64MiB",
            converter = Converters.CacheSizeOrNone.class,
            description =
                    "Memory for small records that were read, 1MiB to 1024GiB, or 0 for none."
                            + " Default: ${DEFAULT-VALUE}.")
    private long recordBytes;

    @Option(
            names = "--write-buffer",
            paramLabel = "SIZE",
            defaultValue = "32MiB",
            converter = Converters.BufferSize.class,
            description =
                    "Memory for writes that are not flushed yet, for each of the five column"
                            + " families, 64KiB to 4GiB; up to three times as much while flushing"
                            + " is slow. Default: ${DEFAULT-VALUE}.")
    private long bufferBytes;

    /** These options as another {@code flaredb} is to be given them. */
    List<String> arguments() {
        return List.of(
                "--block-cache=" + (blockBytes >> 10) + "KiB",
                "--record-cache=" + (recordBytes == 0 ? "0" : (recordBytes >> 10) + "KiB"),
                "--write-buffer=" + (bufferBytes >> 10) + "KiB");
    }

    StorageOptions storage() {
        return StorageOptions.defaults()
                .withBlockCacheBytes(blockBytes)
                .withRecordCacheBytes(recordBytes)
                .withWriteBufferBytes(bufferBytes);
    }
}
