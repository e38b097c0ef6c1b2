/**
 * What came of loads, for people and programs: {@link io.flaredb.bench.report.Report} holds it,
 * {@link io.flaredb.bench.report.JsonReport} and {@link io.flaredb.bench.report.PlotReport} write
 * it. No thread owns anything here: all of it is values.
 */
@NullMarked
package io.flaredb.bench.report;

import org.jspecify.annotations.NullMarked;
