@org.jspecify.annotations.NullMarked
package io.flaredb.bench;
