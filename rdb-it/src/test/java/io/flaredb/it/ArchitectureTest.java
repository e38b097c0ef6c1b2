package io.flaredb.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the borders of the modules, each of which is a package below {@code io.flaredb}. */
class ArchitectureTest {
    private static final String ROOT = "io.flaredb.";

    @SuppressWarnings("NullAway.Init")
    private static JavaClasses product;

    @BeforeAll
    static void readClasses() {
        product =
                new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .withImportOption(location -> !location.contains("/rdb-it/"))
                        .importPackages("io.flaredb");
    }

    /** Also keeps the other rules from passing because they look at nothing. */
    @Test
    void consistsOfTheKnownModules() {
        Set<String> modules =
                product.stream()
                        .map(type -> type.getPackageName().split("\\.")[2])
                        .collect(Collectors.toSet());

        assertThat(modules)
                .containsExactlyInAnyOrder(
                        "bytes",
                        "proto",
                        "rpc",
                        "storage",
                        "raft",
                        "pd",
                        "server",
                        "client",
                        "embedded",
                        "bench",
                        "cli");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes,    ''",
        "proto,    ''",
        "rpc,      'bytes proto'",
        "storage,  'bytes'",
        "raft,     'bytes proto rpc storage'",
        "pd,       'bytes proto rpc storage'",
        "server,   'bytes proto rpc storage raft'",
        "client,   'bytes proto'",
        "embedded, 'bytes proto storage pd server client'",
        "bench,    'bytes client'",
        "cli,      'bytes proto rpc storage pd server client embedded bench'"
    })
    void moduleKnowsOnlyTheModulesBelowIt(String module, String below) {
        Set<String> allowed = Set.of((module + " " + below).trim().split(" "));
        Set<String> known =
                product.stream()
                        .filter(type -> isIn(module, type))
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(type -> type.getPackageName().startsWith(ROOT))
                        .map(type -> type.getPackageName().split("\\.")[2])
                        .collect(Collectors.toSet());

        assertThat(known).isSubsetOf(allowed);
    }

    private static boolean isIn(String module, JavaClass type) {
        return (type.getPackageName() + ".").startsWith(ROOT + module + ".");
    }

    @Test
    void onlyStorageKnowsRocksDb() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.flaredb.storage..",
                        "io.flaredb.bench.ceiling..") // measures it with nothing around it
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb..")
                .check(product);
    }

    @Test
    void onlyRaftKnowsTheRaftLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.flaredb.raft..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.alipay.sofa..")
                .check(product);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.grpc..", "com.google.protobuf..", "com.alipay.sofa.."})
    void storageKnowsNoNetworkAndNoReplication(String foreign) {
        noClasses()
                .that()
                .resideInAnyPackage("io.flaredb.storage..", "io.flaredb.bytes..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(foreign)
                .check(product);
    }

    @Test
    void theCommandLineStaysOutOfTheOtherModules() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.flaredb.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(product);
        noClasses()
                .that()
                .resideOutsideOfPackages("io.flaredb.cli..", "io.flaredb.bench.report..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.gson..")
                .check(product);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.flaredb.(*)..").should().beFreeOfCycles().check(product);
    }

    @Test
    void packagesAreConceptsNotKinds() {
        classes()
                .should()
                .resideOutsideOfPackages(
                        "..util..",
                        "..utils..",
                        "..common..",
                        "..impl..",
                        "..constants..",
                        "..helper..",
                        "..helpers..",
                        "..misc..")
                .check(product);
    }

    @Test
    void everyHandWrittenPackageIsNullMarked() {
        Set<String> unmarked =
                product.stream()
                        .filter(type -> !isIn("proto", type)) // generated
                        .map(JavaClass::getPackage)
                        .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                        .map(each -> each.getName())
                        .collect(Collectors.toSet());

        assertThat(unmarked).isEmpty();
    }
}
