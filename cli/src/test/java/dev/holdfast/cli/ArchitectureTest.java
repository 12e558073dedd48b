package dev.holdfast.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows of the design, over every class of every module that the program consists of. */
class ArchitectureTest {
    private static final String[] CORE = {
        "dev.holdfast",
        "dev.holdfast.event..",
        "dev.holdfast.file..",
        "dev.holdfast.log..",
        "dev.holdfast.memory..",
        "dev.holdfast.session..",
        "dev.holdfast.spi..",
        "dev.holdfast.store..",
        "dev.holdfast.travel.."
    };
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.holdfast");

    @Test
    void allModulesAreLookedAt() {
        assertThat(ALL.size()).isGreaterThan(150);
        Set<String> tops = ALL.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.replaceFirst("(dev\\.holdfast(\\.\\w+)?).*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tops)
                .as("a new package needs a place in this test")
                .containsExactly(
                        "dev.holdfast",
                        "dev.holdfast.cli",
                        "dev.holdfast.event",
                        "dev.holdfast.file",
                        "dev.holdfast.importers",
                        "dev.holdfast.log",
                        "dev.holdfast.memory",
                        "dev.holdfast.session",
                        "dev.holdfast.spi",
                        "dev.holdfast.store",
                        "dev.holdfast.travel");
    }

    @Test
    void coreKnowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.importers..", "dev.holdfast.cli..", "dev.holdfast.tck..")
                .check(ALL);
    }

    @Test
    void importersKnowCoreOnly() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.importers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.cli..", "dev.holdfast.tck..")
                .check(ALL);
    }

    @Test
    void coreNeedsJacksonAndNothingElse() {
        classes()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(concat(
                        CORE, "java..", "tools.jackson..", "com.fasterxml.jackson.annotation..", "org.jspecify.."))
                .check(ALL);
    }

    @Test
    void coreNamesNoCommandLineNoDatabaseAndNoWeb() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "picocli..", "java.sql..", "javax.sql..", "java.net.http..", "com.sun.net.httpserver..")
                .check(ALL);
    }

    @Test
    void callersUseNoStorageDirectly() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.holdfast.cli..", "dev.holdfast.importers..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.file..", "dev.holdfast.memory..")
                .check(ALL);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.holdfast.(*)..").should().beFreeOfCycles().check(ALL);
        slices().matching("dev.holdfast.importers.(*)..")
                .should()
                .beFreeOfCycles()
                .check(ALL);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = ALL.stream()
                .map(JavaClass::getPackage)
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).isEmpty();
    }

    private static String[] concat(String[] first, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(first), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }
}
