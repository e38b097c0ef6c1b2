/**
 * What the API stands on: a {@link io.flaredb.client.spi.Backend} is either a cluster reached over
 * the network or a store inside this process.
 *
 * <p>For the modules of FlareDB only; applications use {@link io.flaredb.client}.
 */
@NullMarked
package io.flaredb.client.spi;

import org.jspecify.annotations.NullMarked;
