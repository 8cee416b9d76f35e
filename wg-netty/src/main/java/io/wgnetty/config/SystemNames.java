package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The names of routing tables and services that this machine knows, out of the files where iproute2
 * and the C library look for them. Nothing is read before a name is asked for.
 */
final class SystemNames implements Surroundings {
  private static final List<String> TABLE_FILES =
      List.of("etc/iproute2/rt_tables", "usr/share/iproute2/rt_tables");
  private static final String TABLE_DIRECTORY = "etc/iproute2/rt_tables.d";
  private static final String SERVICES = "etc/services";

  private final Path root;
  private final SecretPlaces secrets;

  SystemNames(Path root) {
    this(root, SecretPlaces.NONE);
  }

  SystemNames(Path root, SecretPlaces secrets) {
    this.root = root;
    this.secrets = secrets;
  }

  @Override
  public SecretPlaces secrets() {
    return secrets;
  }

  @Override
  public OptionalInt routeTable(String name) {
    List<Path> files =
        Stream.concat(
                TABLE_FILES.stream().map(root::resolve), inDirectory(root.resolve(TABLE_DIRECTORY)))
            .toList();
    for (Path file : files) {
      for (String[] words : lines(file)) {
        long number = words.length < 2 ? -1 : number(words[0]);
        if (number >= 0 && number <= 0xffff_ffffL && words[1].equals(name)) {
          return OptionalInt.of((int) number);
        }
      }
    }
    return OptionalInt.empty();
  }

  private static long number(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public OptionalInt udpService(String name) {
    for (String[] words : lines(root.resolve(SERVICES))) {
      if (words.length >= 2 && words[1].endsWith("/udp") && isNamed(words, name)) {
        long port = NumberText.decimal(words[1].substring(0, words[1].length() - 4));
        return port < 0 || port > 0xffff ? OptionalInt.empty() : OptionalInt.of((int) port);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isNamed(String[] words, String name) {
    for (int i = 0; i < words.length; i++) {
      if (i != 1 && words[i].equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static Stream<Path> inDirectory(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
    } catch (IOException e) {
      return Stream.empty(); // most machines have none
    }
  }

  /** The words of each line; none if there is no such file. */
  private static List<String[]> lines(Path file) {
    try {
      return Files.readAllLines(file, ISO_8859_1).stream()
          .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+"))
          .toList();
    } catch (IOException e) {
      return List.of(); // a slim container has no such file
    }
  }
}
