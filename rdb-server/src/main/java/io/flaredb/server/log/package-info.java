/**
 * What a region's log holds and how it is applied: every replica goes through the same entries in
 * the same order and comes to the same records.
 */
@NullMarked
package io.flaredb.server.log;

import org.jspecify.annotations.NullMarked;
