/**
 * How the load speaks to each system: one class each, and its main method is the client process.
 */
@NullMarked
package io.flaredb.peers.driver;

import org.jspecify.annotations.NullMarked;
