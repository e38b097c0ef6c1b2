/** Tests of the timestamp oracle with a clock and a disk that obey the test. */
@NullMarked
package io.flaredb.pd.tso;

import org.jspecify.annotations.NullMarked;
