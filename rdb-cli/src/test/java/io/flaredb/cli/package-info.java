/** Tests of the command, run in this process with its streams caught. */
@NullMarked
package io.flaredb.cli;

import org.jspecify.annotations.NullMarked;
