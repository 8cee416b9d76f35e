package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.node.CommandFailure;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QrTextTest {
  private static String text(int characters) {
    return IntStream.range(0, characters)
        .mapToObj(i -> String.valueOf((char) ('!' + i * 7 % 90)))
        .reduce("", String::concat);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100, 274, 300, 367, 400, 450})
  void shouldBeReadableAndFitTheScreen(int characters) throws Exception {
    String text = text(characters);
    QrText code = QrText.of(text);
    assertThat(code.width()).isLessThanOrEqualTo(80);
    for (boolean colours : new boolean[] {false, true}) {
      List<String> lines = code.render(colours).lines().toList();
      assertThat(QrReading.of(lines)).isEqualTo(text);
    }
  }

  @Test
  void shouldHaveLightMarginOnAllSides() throws CommandFailure {
    List<String> lines = QrText.of(text(200)).render(false).lines().toList();
    assertThat(lines.getFirst()).matches("█+");
    assertThat(lines.get(1)).matches("█+");
    assertThat(lines).allMatch(line -> line.startsWith("████") && line.endsWith("████"));
  }

  @Test
  void shouldDrawWhiteOnBlackWhateverTheTerminalsColours() throws CommandFailure {
    assertThat(QrText.of("x").render(true).lines())
        .allMatch(line -> line.startsWith("\033[40;97m") && line.endsWith("\033[0m"));
    assertThat(QrText.of("x").render(false)).doesNotContain("\033");
  }

  @Test
  void shouldRefuseWhatNoCodeHolds() {
    assertThatThrownBy(() -> QrText.of(text(3000)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("3000");
  }
}
