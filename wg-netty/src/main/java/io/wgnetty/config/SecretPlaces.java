package io.wgnetty.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where keys are that a file names and does not hold: {@code # PrivateKeyFile = PATH} and {@code #
 * PresharedKeyFile = PATH}. A path is absolute, or {@code credential:NAME} for what the service
 * manager hands to a service.
 */
public final class SecretPlaces {
  /** Nobody looks: what such a comment says is not known. */
  static final SecretPlaces NONE = new SecretPlaces(Use.NOT_LOOKED_AT, Map.of());

  private static final String CREDENTIAL = "credential:";

  /** Set by systemd for a service with LoadCredential= and the like. */
  private static final String DIRECTORY = "CREDENTIALS_DIRECTORY";

  /** What a key that cannot be had means. */
  public enum Use {
    /** An error: who reads needs the keys. */
    NEEDED,
    /** An error, but where only the service itself could have it, which is a warning. */
    CHECKED,
    /** Nothing: who reads can do without. */
    IF_POSSIBLE,
    NOT_LOOKED_AT
  }

  private final Use use;
  private final Map<String, String> environment;

  SecretPlaces(Use use, Map<String, String> environment) {
    this.use = use;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The key that a comment names.
   *
   * @param word the comment's, for messages
   * @param text what it says
   * @param findings hear what is wrong
   * @return {@code null} if there is none, or nobody looks
   */
  <T> @Nullable T read(
      CommentWord word,
      String text,
      Place place,
      SecretFile.Decoder<T> decoder,
      Findings findings) {
    if (use == Use.NOT_LOOKED_AT) {
      return null;
    }
    try {
      Path file = path(text);
      if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
        throw new IOException(file + " is no regular file"); // a pipe could be waited for for ever
      }
      T key = SecretFile.read(file, decoder);
      if (SecretFile.isOpenToOthers(file)) {
        findings.warning(
            place,
            word.written(),
            "others than its owner may read " + file + ": chmod 400 " + file);
      }
      return key;
    } catch (NoCredentials e) {
      tell(place, word, e.getMessage(), use == Use.CHECKED, findings);
    } catch (IOException e) {
      tell(place, word, e.getMessage(), false, findings);
    }
    return null;
  }

  private void tell(
      Place place, CommentWord word, @Nullable String message, boolean mildly, Findings findings) {
    if (use == Use.IF_POSSIBLE) {
      return;
    }
    if (mildly) {
      findings.warning(place, word.written(), String.valueOf(message));
    } else {
      findings.error(place, word.written(), String.valueOf(message));
    }
  }

  /** There is no service around this process. */
  private static final class NoCredentials extends IOException {
    private static final long serialVersionUID = 1L;

    NoCredentials(String message) {
      super(message);
    }
  }

  private Path path(String text) throws IOException {
    try {
      if (text.startsWith(CREDENTIAL)) {
        return credential(text.substring(CREDENTIAL.length()));
      }
      Path path = Path.of(text);
      if (!path.isAbsolute()) {
        throw new IOException(
            Shown.quoted(text)
                + " is neither an absolute path, such as /run/secrets/wg0.key, nor credential:NAME");
      }
      return path;
    } catch (InvalidPathException e) {
      throw new IOException("is no path", e);
    }
  }

  private Path credential(String name) throws IOException {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
      throw new IOException(Shown.quoted(name) + " is no credential's name");
    }
    String directory = environment.get(DIRECTORY);
    if (directory == null || directory.isEmpty()) {
      throw new NoCredentials(
          "the credential "
              + name
              + " is there in a service only: systemd sets "
              + DIRECTORY
              + " where the unit says LoadCredential="
              + name
              + ":PATH");
    }
    return Path.of(directory).resolve(name);
  }
}
