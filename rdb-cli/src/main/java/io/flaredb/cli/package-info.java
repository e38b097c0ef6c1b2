/**
 * The command {@code flaredb}: starts the processes and does every client operation.
 *
 * <p>A command runs on the main thread. What it says to its caller is part of the contract: answers
 * and ready lines on stdout, one line on stderr for an error, and an {@link ExitCode}.
 */
@NullMarked
package io.flaredb.cli;

import org.jspecify.annotations.NullMarked;
