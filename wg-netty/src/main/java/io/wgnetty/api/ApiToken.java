package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.config.FileFailure;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The word by which a client proves that it may ask: {@code Authorization: Bearer WORD}. Only its
 * digest is kept.
 */
final class ApiToken {
  /** Less could be guessed. */
  static final int MIN_CHARACTERS = 16;

  private static final int MAX_BYTES = 4096;
  private static final String SCHEME = "bearer ";

  private static final Set<PosixFilePermission> FOR_OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

  private final byte[] digest;

  private ApiToken(byte[] digest) {
    this.digest = digest;
  }

  static ApiToken of(String word) {
    return new ApiToken(digest(word));
  }

  /**
   * The word in a file's first line.
   *
   * @throws CommandFailure if it cannot be read, is too short, or everybody can read it
   */
  static ApiToken read(Path file) throws CommandFailure {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw new CommandFailure(file + " is no file with a token");
      }
      if (Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)) {
        throw new CommandFailure(file + " can be read by everybody: chmod 600 " + file);
      }
      String word = Files.readString(file, UTF_8).lines().findFirst().orElse("").strip();
      if (word.length() < MIN_CHARACTERS || word.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new CommandFailure(
            file
                + ": a token has at least "
                + MIN_CHARACTERS
                + " characters without spaces, e.g. of 'wg genpsk'");
      }
      return of(word);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + FileFailure.reason(e));
    }
  }

  /** Whether a request with this header may be done. Takes as long for any word. */
  boolean isIn(@Nullable String authorization) {
    boolean hasScheme =
        authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String word = hasScheme ? String.valueOf(authorization).substring(SCHEME.length()) : "";
    return MessageDigest.isEqual(digest(word.strip()), digest) && hasScheme;
  }

  private static byte[] digest(String word) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(word.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
