package io.flaredb.bench.ceiling;

import io.flaredb.bench.Target;
import io.flaredb.bench.Workload;
import java.util.Set;

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
}
