/**
 * A cluster reached over gRPC: asks the placement driver which store leads the region of a key,
 * remembers the answer, sends the request there, and decides what may be sent again.
 *
 * <p>Answers arrive on gRPC's event loops, and what follows runs there or on the client's timer
 * thread: nothing in this package blocks.
 */
@NullMarked
package io.flaredb.client.remote;

import org.jspecify.annotations.NullMarked;
