package io.flaredb.bench.ceiling;

import io.flaredb.bench.Target;
import io.flaredb.bench.Workload;
import io.flaredb.bytes.Bytes;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A target that knows a few workloads; what belongs to the others fails. */
abstract class OneWorkload implements Target {
    private final String name;
    private final Set<Workload> workloads;

    OneWorkload(String name, Workload... workloads) {
        this.name = name;
        this.workloads = Set.of(workloads);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final boolean supports(Workload workload) {
        return workloads.contains(workload);
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return unknown();
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return unknown();
    }

    @Override
    public CompletableFuture<Boolean> getStale(Bytes key) {
        return unknown();
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return unknown();
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        return unknown();
    }

    @Override
    public CompletableFuture<Integer> scan(Bytes startInclusive, int limit) {
        return unknown();
    }

    @Override
    public CompletableFuture<Long> timestamp() {
        return unknown();
    }

    private <T> CompletableFuture<T> unknown() {
        return CompletableFuture.failedFuture(
                new IllegalStateException(name + " was asked for what it does not support"));
    }
}
