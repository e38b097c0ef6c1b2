/**
 * The store's gRPC service: checks requests at the door, hands them to the region's write path or
 * the read pool, and words the answers.
 *
 * <p>Handlers run on gRPC's event loops and never block; answers are sent from the apply threads of
 * the groups and the read threads.
 */
@NullMarked
package io.flaredb.server.rpc;

import org.jspecify.annotations.NullMarked;
