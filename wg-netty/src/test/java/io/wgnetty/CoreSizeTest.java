package io.wgnetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds what docs/reading.md says of how much there is to read. A core that grows has to say so
 * there.
 */
class CoreSizeTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path SOURCES = MODULE.resolve("src/main/java/io/wgnetty");
  private static final Path DOCUMENT = MODULE.resolveSibling("docs/reading.md");
  private static final List<String> CORE =
      List.of("crypto", "protocol", "allowedips", "counters", "peer", "handshake", "shard");

  /** What is said may be more than there is by this, so that not every change touches it. */
  private static final int SLACK = 150;

  private static final Pattern SAID = Pattern.compile("at most ([0-9,]+)\\s+lines");

  /** Literals are matched too, so that what looks like a comment within one is none. */
  private static final Pattern COMMENT_OR_LITERAL =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*'|//[^\n]*|/\\*.*?\\*/",
          Pattern.DOTALL);

  /** Lines without comments, blank lines and imports. */
  private static int count(String source) {
    String code =
        COMMENT_OR_LITERAL
            .matcher(source)
            .replaceAll(
                match ->
                    match.group().startsWith("/") ? "" : Matcher.quoteReplacement(match.group()));
    return (int)
        code.lines().filter(line -> !line.isBlank() && !line.startsWith("import ")).count();
  }

  private static int countPackage(String name) throws IOException {
    int lines = 0;
    try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
      for (Path file : files.toList()) {
        lines += count(Files.readString(file));
      }
    }
    return lines;
  }

  @Test
  void shouldBeAsLargeAsIsSaid() throws IOException {
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (String name : CORE) {
      lines.put(name, countPackage(name));
    }
    int sum = lines.values().stream().mapToInt(Integer::intValue).sum();
    Matcher said = SAID.matcher(Files.readString(DOCUMENT));
    assertThat(said.find()).as("docs/reading.md says how large the core is").isTrue();
    int most = Integer.parseInt(said.group(1).replace(",", ""));
    assertThat(sum).as("lines of the core: %s", lines).isBetween(most - SLACK, most);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "package a;~~import b.C;~~/** D. */~class E {~  int f; // g~}~ | 4",
        "String a = \"// b\";~String c = \"/* d\";~ | 2",
        "/* a~~ b */ int c;~ | 1",
        "char a = '\"'; // b~char c = '/';~ | 2",
      })
  void shouldCountWhatIsRead(String source, int lines) {
    assertThat(count(source.replace('~', '\n'))).isEqualTo(lines);
  }
}
