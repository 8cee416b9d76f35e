package io.wgnetty.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Configuration files on the disk: where they are, reading and replacing them. */
public final class ConfigurationFile {
  /** Enough for two million peers. */
  public static final int MAX_BYTES = 256 << 20;

  private static final Path DIRECTORY = Path.of("/etc/wireguard");
  private static final String SUFFIX = ".conf";
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_=+.-]{1,15}");
  private static final Pattern FILE_NAME = Pattern.compile("([a-zA-Z0-9_=+.-]{1,15})\\.conf");

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private ConfigurationFile() {}

  /** The file that a person means: {@code wg0} is the one in /etc/wireguard, else a path. */
  public static Path find(String nameOrPath) {
    return find(nameOrPath, DIRECTORY);
  }

  static Path find(String nameOrPath, Path directory) {
    if (NAME.matcher(nameOrPath).matches()) {
      Path named = directory.resolve(nameOrPath + SUFFIX);
      // "wg0.conf" could be an interface's name, but hardly ever is.
      if (!nameOrPath.endsWith(SUFFIX) || Files.exists(named)) {
        return named;
      }
    }
    return Path.of(nameOrPath);
  }

  /**
   * The interface's name that a file's name gives: NAME of NAME.conf (protocol 7.5).
   *
   * @throws IllegalArgumentException if it gives none
   */
  public static String interfaceName(Path file) {
    Path last = file.getFileName();
    Matcher matcher = FILE_NAME.matcher(last == null ? "" : last.toString());
    if (!matcher.matches() || matcher.group(1).equals(".") || matcher.group(1).equals("..")) {
      throw new IllegalArgumentException(
          file
              + " is not named NAME.conf, where NAME is the interface's: 1 to 15 characters of a-z"
              + " A-Z 0-9 _ = + . -");
    }
    return matcher.group(1);
  }

  /**
   * Reads a file, with what this machine calls routing tables and services, and with the keys that
   * it names.
   *
   * @throws IOException if it cannot be read or is larger than {@link #MAX_BYTES}
   */
  public static ConfigurationResult read(Path file) throws IOException {
    return read(file, systemNames(SecretPlaces.Use.NEEDED));
  }

  /** Reads a file whose words mean what they mean in these surroundings. */
  public static ConfigurationResult read(Path file, Surroundings surroundings) throws IOException {
    byte[] text = bytes(file);
    try {
      ConfigurationResult result = ConfigurationReader.read(text, surroundings);
      return mayHoldKeys(result) && isWorldAccessible(file) ? withWarning(result, file) : result;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /**
   * What names mean on this machine.
   *
   * @param secrets what a key means that cannot be had
   */
  public static Surroundings systemNames(SecretPlaces.Use secrets) {
    return new SystemNames(Path.of("/"), new SecretPlaces(secrets, System.getenv()));
  }

  /**
   * The file's bytes, which the caller overwrites.
   *
   * @throws IOException if it cannot be read or is larger than {@link #MAX_BYTES}
   */
  public static byte[] bytes(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw tooLarge();
    }
    // Not Files.readAllBytes: what it outgrows would stay in memory, with keys in it.
    byte[] text = new byte[(int) size + 1];
    int length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      while (true) {
        int count = in.read(text, length, text.length - length);
        if (count < 0) {
          break;
        }
        length += count;
        if (length > MAX_BYTES) {
          throw tooLarge();
        }
        if (length == text.length) { // a pipe, or a file that grows
          byte[] larger = Arrays.copyOf(text, Math.min(2 * length + 1024, MAX_BYTES + 1));
          Arrays.fill(text, (byte) 0);
          text = larger;
        }
      }
      return Arrays.copyOf(text, length);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static IOException tooLarge() {
    return new IOException("the file is larger than " + (MAX_BYTES >> 20) + " MiB");
  }

  /** One whose keys are all in other files may be anybody's to read. */
  private static boolean mayHoldKeys(ConfigurationResult result) {
    Configuration read = result.configuration();
    return read == null || read.holdsKeys();
  }

  /** Whether others may open it: its mode lets them, and so does its directory's. */
  private static boolean isWorldAccessible(Path file) throws IOException {
    Path real = file.toRealPath();
    Path directory = real.getParent();
    return Files.isRegularFile(real)
        && directory != null
        && !withoutOthers(real)
        && !withoutOthers(directory);
  }

  private static boolean withoutOthers(Path path) throws IOException {
    Set<PosixFilePermission> others = EnumSet.copyOf(OTHERS);
    others.retainAll(Files.getPosixFilePermissions(path));
    return others.isEmpty();
  }

  private static ConfigurationResult withWarning(ConfigurationResult result, Path file) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Finding(
            Finding.Severity.WARNING,
            1,
            1,
            "",
            "everybody on this machine can open the file and its keys: chmod 600 " + file));
    findings.addAll(result.findings());
    return new ConfigurationResult(result.configuration(), findings);
  }
}
