@NullMarked
package io.flaredb.raft.transport;

import org.jspecify.annotations.NullMarked;
