@NullMarked
package io.flaredb.raft;

import org.jspecify.annotations.NullMarked;
