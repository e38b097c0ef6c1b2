/** Real processes under test: how they are started, watched, killed and always ended. */
@NullMarked
package io.flaredb.it.process;

import org.jspecify.annotations.NullMarked;
