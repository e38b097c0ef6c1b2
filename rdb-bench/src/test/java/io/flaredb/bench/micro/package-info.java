/**
 * JMH benchmarks of single parts, run by {@code scripts/bench-micro.sh}; no test. Each state
 * belongs to the threads that JMH runs.
 */
@NullMarked
package io.flaredb.bench.micro;

import org.jspecify.annotations.NullMarked;
