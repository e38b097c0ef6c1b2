@NullMarked
package io.flaredb.storage;

import org.jspecify.annotations.NullMarked;
