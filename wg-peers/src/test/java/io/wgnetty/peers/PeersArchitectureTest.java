package io.wgnetty.peers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the parts of this module know of each other and of the rest. */
class PeersArchitectureTest {
  private static final int MAX_LINES = 350;

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.wgnetty.peers");

  @Test
  void shouldKeepThePlanFreeOfTheWorld() {
    noClasses()
        .that()
        .resideInAnyPackage("io.wgnetty.peers.plan", "io.wgnetty.peers.call")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io",
            "java.net..",
            "java.nio..",
            "java.time..",
            "com.google..",
            "org.slf4j..",
            "io.wgnetty.peers.source..",
            "io.wgnetty.peers.etcd..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAnyPackage("io.wgnetty.peers.plan", "io.wgnetty.peers.call")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(OURS);
  }

  @Test
  void shouldHaveNoCycles() {
    slices().matching("io.wgnetty.(peers..)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void shouldBeUnknownToTheRest() {
    JavaClasses rest =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.wgnetty");
    noClasses()
        .that()
        .resideOutsideOfPackage("io.wgnetty.peers..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.wgnetty.peers..")
        .check(rest);
  }

  @Test
  void shouldHaveShortFiles() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(file))
            .as(file.toString())
            .hasSizeLessThanOrEqualTo(MAX_LINES);
      }
    }
  }
}
