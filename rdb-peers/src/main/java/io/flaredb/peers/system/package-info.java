/**
 * The server processes of each system: how they are started, and what they need to be installed.
 */
@NullMarked
package io.flaredb.peers.system;

import org.jspecify.annotations.NullMarked;
