package dev.holdfast.store;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The arrows of {@code docs/architecture.md}. */
class ArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(SessionStore.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void arrowsPointDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("event")
                .definedBy("dev.holdfast.event")
                .layer("log")
                .definedBy("dev.holdfast.log")
                .layer("session")
                .definedBy("dev.holdfast.session")
                .layer("spi")
                .definedBy("dev.holdfast.spi")
                .layer("file")
                .definedBy("dev.holdfast.file")
                .layer("memory")
                .definedBy("dev.holdfast.memory")
                .layer("store")
                .definedBy("dev.holdfast.store")
                .layer("travel")
                .definedBy("dev.holdfast.travel")
                .whereLayer("travel")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("travel")
                .whereLayer("file")
                .mayOnlyBeAccessedByLayers("store")
                .whereLayer("memory")
                .mayOnlyBeAccessedByLayers("store")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("store", "travel")
                .whereLayer("spi")
                .mayOnlyBeAccessedByLayers("file", "memory", "store", "travel")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("session", "spi", "file", "memory", "store", "travel")
                .check(CORE);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.holdfast.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void thePurePackagesTouchNoFilesAndNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.holdfast.event", "dev.holdfast.log", "dev.holdfast.session")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file..", "java.net..", "java.util.concurrent.locks"))
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CORE);
    }

    @Test
    void coreNeedsJacksonJspecifyAndThePlatformOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("dev.holdfast..", "java..", "tools.jackson..", "org.jspecify..")
                .check(CORE);
    }
}
