package io.flaredb.peers.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the programs are.
 *
 * @param root of the FlareDB source tree, which is built
 * @param etcd the program; null: there is none
 * @param redis the program {@code redis-server}; null: there is none
 */
public record Installation(Path root, @Nullable Path etcd, @Nullable Path redis) {
    private static final String DRIVERS = "io.flaredb.peers.driver.";

    /** All systems, in the order in which they are measured first. */
    public List<PeerSystem> systems() {
        return List.of(
                new FlareDbSystem(this),
                new EtcdSystem(this),
                new ZooKeeperSystem(this),
                RedisSystem.plain(this),
                RedisSystem.merged(this),
                new RheaKvSystem(this),
                new BareRaftSystem(this));
    }

    Path flaredb() {
        return root.resolve("bin/flaredb");
    }

    /** A Java process with what {@code rdb-peers} knows. */
    List<String> java(String main, List<String> arguments) {
        return java(root.resolve("rdb-peers/target"), "rdb-peers", List.of(), main, arguments);
    }

    /** A client process of a driver in {@code rdb-peers}. */
    List<String> driver(String name, List<String> arguments) {
        return java(DRIVERS + name, arguments);
    }

    /** A Java process with what {@code rdb-peers-rheakv} knows, which are older libraries. */
    List<String> rheaKv(String main, List<String> arguments) {
        List<String> opens = new ArrayList<>();
        for (String each :
                List.of(
                        "java.lang",
                        "java.lang.reflect",
                        "java.math",
                        "java.net",
                        "java.nio",
                        "java.text",
                        "java.util",
                        "java.util.concurrent",
                        "java.util.concurrent.atomic",
                        "java.util.concurrent.locks",
                        "sun.nio.ch")) {
            opens.add("--add-opens=java.base/" + each + "=ALL-UNNAMED");
        }
        return java(
                root.resolve("rdb-peers-rheakv/target"),
                "rdb-peers-rheakv",
                opens,
                "io.flaredb.peers.rheakv." + main,
                arguments);
    }

    private static List<String> java(
            Path target, String jar, List<String> flags, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaHome().resolve("bin/java").toString());
        command.addAll(Jvm.FLAGS);
        command.addAll(flags);
        command.add("-cp");
        command.add(target.resolve(jar + ".jar") + ":" + target.resolve("lib") + "/*");
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Why a module's programs cannot be started. */
    Optional<String> notBuilt(String module) {
        Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
        return Files.isRegularFile(jar)
                ? Optional.empty()
                : Optional.of(module + " is not built: no " + jar);
    }
}
