package io.wgnetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A source file of the product has one duty, and is no longer than one can keep in mind. */
class FileSizeTest {
  private static final int MAX_LINES = 350;
  private static final Path ROOT = Path.of("").toAbsolutePath().resolveSibling("");

  private static Map<String, Long> sources() throws IOException {
    Map<String, Long> lines = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src/main/java")).toList()) {
        if (Files.isDirectory(sources)) {
          count(sources, lines);
        }
      }
    }
    return lines;
  }

  private static void count(Path sources, Map<String, Long> lines) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> lines.put(ROOT.relativize(file).toString(), linesOf(file)));
    }
  }

  private static long linesOf(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldHaveNoLongSource() throws IOException {
    Map<String, Long> lines = sources();
    assertThat(lines.keySet())
        .anyMatch(file -> file.startsWith("wg-netty/"))
        .anyMatch(file -> file.startsWith("wg-tun/"));
    lines.values().removeIf(count -> count <= MAX_LINES);
    assertThat(lines).isEmpty();
  }
}
