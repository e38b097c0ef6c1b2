/** What the measurements of all rounds come to: medians, spreads, and how FlareDB compares. */
@NullMarked
package io.flaredb.peers.report;

import org.jspecify.annotations.NullMarked;
