package io.wgnetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the order in which the code is to be read against the code. */
class ReadingOrderTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path SOURCES = MODULE.resolve("src/main/java/io/wgnetty");
  private static final Path DOCUMENT = MODULE.resolveSibling("docs/reading.md");
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z0-9]+)`");

  /** Packages of which each file has a line. */
  private static final Set<String> CORE =
      Set.of("state", "crypto", "protocol", "allowedips", "peer", "handshake", "shard");

  private static Set<String> filesOf(String name) throws IOException {
    try (Stream<Path> files = Files.list(SOURCES.resolve(name))) {
      Set<String> names = new TreeSet<>();
      files
          .map(file -> file.getFileName().toString().replace(".java", ""))
          .filter(file -> !file.equals("package-info"))
          .forEach(names::add);
      return names;
    }
  }

  private static Set<String> mentioned() throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(Files.readString(DOCUMENT));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  @Test
  void shouldNameEveryFileOfTheCore() throws IOException {
    for (String name : CORE) {
      assertThat(mentioned()).as(name).containsAll(filesOf(name));
    }
  }

  @Test
  void shouldNameNothingThatIsNotThere() throws IOException {
    Set<String> all = new TreeSet<>();
    try (Stream<Path> packages = Files.list(SOURCES)) {
      for (Path each : packages.filter(Files::isDirectory).toList()) {
        all.addAll(filesOf(each.getFileName().toString()));
      }
    }
    assertThat(all).containsAll(mentioned());
  }
}
