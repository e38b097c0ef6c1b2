package io.flaredb.client.spi;

import io.flaredb.bytes.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a scan.
 *
 * @param entries in key order; may be empty even where the scan goes on
 * @param resumeKey where to go on; null: the range holds no more
 */
public record Page<E>(List<E> entries, @Nullable Bytes resumeKey) {}
