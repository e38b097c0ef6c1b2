package io.flaredb.client.spi;

import io.flaredb.client.FlareDbException;
import io.flaredb.client.FlareDbOptions;
import java.nio.file.Path;

/** Opens a store inside this process. Found by {@link java.util.ServiceLoader}. */
public interface EmbeddedProvider {
    /**
     * @throws FlareDbException if the folder cannot be opened
     */
    Backend open(Path dataDir, FlareDbOptions options);
}
