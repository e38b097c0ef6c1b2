/**
 * FlareDB as a database of <a href="https://github.com/brianfrankcooper/YCSB">YCSB</a> 0.17.0:
 * {@link io.flaredb.bench.ycsb.RawBinding} and {@link io.flaredb.bench.ycsb.CasBinding}, run by
 * {@code scripts/ycsb.sh}. Each of YCSB's threads has a binding of its own; they share one client.
 */
@NullMarked
package io.flaredb.bench.ycsb;

import org.jspecify.annotations.NullMarked;
