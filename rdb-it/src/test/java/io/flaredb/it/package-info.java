/**
 * Tests of whole FlareDB processes, run from the built jar as a person would run it, and tests of
 * the source tree as a whole. What they need of the world is in the packages below this one.
 */
@NullMarked
package io.flaredb.it;

import org.jspecify.annotations.NullMarked;
