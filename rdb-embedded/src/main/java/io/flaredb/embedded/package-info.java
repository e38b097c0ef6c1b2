/**
 * A placement driver and a store inside the caller's process, behind the client's API.
 *
 * <p>Both run as they do behind gRPC, with the same data folders, only without a network between
 * them. Writes are decided on the apply thread of their region; reads run on the store's read
 * threads, or on the caller's own thread where the caller waits anyway.
 */
@NullMarked
package io.flaredb.embedded;

import org.jspecify.annotations.NullMarked;
