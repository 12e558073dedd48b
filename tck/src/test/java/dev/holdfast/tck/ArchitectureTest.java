package dev.holdfast.tck;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The tck knows core and what tests are written with, and only the machine knows of files. */
class ArchitectureTest {
    private static final JavaClasses TCK = new ClassFileImporter()
            .importUrl(
                    BackendContract.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void theTckKnowsCoreOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.holdfast",
                        "dev.holdfast.event..",
                        "dev.holdfast.file..",
                        "dev.holdfast.log..",
                        "dev.holdfast.session..",
                        "dev.holdfast.spi..",
                        "dev.holdfast.store..",
                        "dev.holdfast.tck..",
                        "java..",
                        "org.assertj..",
                        "org.jspecify..",
                        "org.junit.jupiter.api..",
                        "tools.jackson..")
                .check(TCK);
    }

    @Test
    void onlyTheMachineKnowsOfFiles() {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.tck")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.file..", "dev.holdfast.tck.machine..")
                .check(TCK);
    }

    @Test
    void noTestCanSkip() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit.jupiter.api.condition..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.junit.jupiter.api.Assumptions")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.junit.jupiter.api.Disabled")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.assertj.core.api.Assumptions")
                .check(TCK);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.holdfast.tck.(**)").should().beFreeOfCycles().check(TCK);
    }
}
