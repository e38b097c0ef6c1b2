package io.flaredb.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Where a load ran; without it no figure means anything.
 *
 * @param cores that this process may use
 * @param memoryBytes of the machine, or of the container
 * @param os name, version and architecture
 * @param jvm name and version of the one that made the load
 * @param jvmFlags what that one was started with
 */
public record Machine(int cores, long memoryBytes, String os, String jvm, List<String> jvmFlags) {
    public Machine {
        jvmFlags = List.copyOf(jvmFlags);
    }

    /** This machine, and this process's JVM. */
    public static Machine here() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                "%s %s %s".formatted(system.getName(), system.getVersion(), system.getArch()),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }
}
