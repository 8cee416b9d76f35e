package io.wgnetty;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The order of the packages, and the purity of the lower ones. The same rules are also held against
 * {@code io.wgnetty.wrong}, a tree of classes that each break one, to see that they would speak up.
 */
class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.wgnetty");

  private static final ArchitectureRules WRONG_RULES = new ArchitectureRules("io.wgnetty.wrong");
  private static final JavaClasses WRONG =
      new ClassFileImporter().importPackages("io.wgnetty.wrong");

  @Test
  void shouldSeeTheProduct() {
    assertThat(PRODUCT.stream().map(c -> c.getPackageName()))
        .contains("io.wgnetty.crypto", "io.wgnetty.protocol", "io.wgnetty.peer", "io.wgnetty.tun");
    assertThat(PRODUCT.contain("io.wgnetty.wrong.peer.WrongUtil")).isFalse();
  }

  static Stream<ArchRule> rules() {
    return new ArchitectureRules("io.wgnetty").all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void shouldHold(ArchRule rule) {
    rule.check(PRODUCT);
  }

  static Stream<Arguments> brokenRules() {
    return Stream.of(
        Arguments.of(WRONG_RULES.everyClassHasItsPlace(), "wrong.stray.Stray"),
        Arguments.of(WRONG_RULES.packagesHaveNoCycles(), "Cycle detected"),
        Arguments.of(WRONG_RULES.filesHaveNoCircles(), "wrong.handshake.KnowsItsAnswer"),
        Arguments.of(WRONG_RULES.partsAskTheirPeerNothing(), "wrong.peer.Session"),
        Arguments.of(WRONG_RULES.tunKnowsNothingElseOfOurs(), "wrong.tun.KnowsCrypto"),
        Arguments.of(WRONG_RULES.pureKnowsNoNetty(), "wrong.crypto.KnowsNetty"),
        Arguments.of(WRONG_RULES.pureKnowsNoSockets(), "wrong.protocol.OpensSocket"),
        Arguments.of(WRONG_RULES.pureKnowsNoSockets(), "wrong.protocol.OpensChannel"),
        Arguments.of(WRONG_RULES.pureKnowsNoThreads(), "wrong.peer.StartsThread"),
        Arguments.of(WRONG_RULES.pureKnowsNoThreads(), "wrong.peer.StartsExecutor"),
        Arguments.of(WRONG_RULES.pureReadsNoClock(), "wrong.protocol.ReadsClock.call"),
        Arguments.of(WRONG_RULES.pureReadsNoClock(), "wrong.protocol.ReadsClock.reference"),
        Arguments.of(WRONG_RULES.pureReadsNoClock(), "wrong.protocol.ReadsClock.instant"),
        Arguments.of(WRONG_RULES.namesSayWhatAThingIs(), "wrong.peer.WrongUtil"),
        Arguments.of(WRONG_RULES.namesSayWhatAThingIs(), "wrong.peer.WrongImpl"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("brokenRules")
  void shouldReportAWrongClass(ArchRule rule, String offender) {
    assertThat(failures(rule)).anyMatch(line -> line.contains(offender));
  }

  @Test
  void shouldReportALowerPackageThatKnowsAHigherOne() {
    List<String> failures =
        WRONG_RULES.lowerNeverKnowsHigher().stream()
            .flatMap(rule -> failures(rule).stream())
            .toList();
    assertThat(failures).isNotEmpty().allMatch(line -> line.contains("wrong.protocol.KnowsPeer"));
  }

  private static List<String> failures(ArchRule rule) {
    EvaluationResult result = rule.evaluate(WRONG);
    return result.getFailureReport().getDetails();
  }
}
