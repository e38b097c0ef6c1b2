/**
 * Clusters of several servers, each a process of its own, that lose some of them, get new ones, and
 * must neither lose nor invent anything. {@link io.flaredb.it.cluster.ReplicatedCluster} runs them;
 * one thread, the test's, owns it.
 */
@NullMarked
package io.flaredb.it.cluster;

import org.jspecify.annotations.NullMarked;
