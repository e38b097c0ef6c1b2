/** How much a store takes on. */
@NullMarked
package io.flaredb.server.write;

import org.jspecify.annotations.NullMarked;
