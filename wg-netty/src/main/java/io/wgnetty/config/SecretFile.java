package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** Files that hold one key in base64, as {@code wg genkey} and {@code wg genpsk} print it. */
public final class SecretFile {
  private static final int KEY_CHARACTERS = 44;
  private static final String OWNER_NUMBER = "unix:uid";

  /** A key, and what white space somebody may have put behind it. */
  private static final int MAX_BYTES = 256;

  private SecretFile() {}

  /** What makes a key of its 44 characters. */
  @FunctionalInterface
  public interface Decoder<T> {
    /** Throws an {@link IllegalArgumentException} if they are no key. */
    T decode(CharSequence text);
  }

  /**
   * The key in a file. No copy of it is left behind.
   *
   * @throws IOException if there is none; the message says why, and nothing of what is in the file
   */
  public static <T> T read(Path file, Decoder<T> decoder) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + " is a directory");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), decoder);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " may not be read: permission denied", e);
    }
  }

  /** The same of an open file. */
  public static <T> T read(InputStream in, String name, Decoder<T> decoder) throws IOException {
    byte[] text = new byte[MAX_BYTES + 1];
    try {
      int length = in.readNBytes(text, 0, text.length);
      if (length > MAX_BYTES) {
        throw new IOException(name + " is too large for a key, which has 44 characters");
      }
      int begin = 0;
      while (length > 0 && LineCursor.isSpace(text[length - 1])) {
        length--;
      }
      while (begin < length && LineCursor.isSpace(text[begin])) {
        begin++;
      }
      if (length - begin != KEY_CHARACTERS) {
        throw new IOException(
            name
                + " does not hold a key: it has "
                + (length - begin)
                + " characters, and a key has 44 of base64");
      }
      return decode(ByteBuffer.wrap(text, begin, KEY_CHARACTERS), name, decoder);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static <T> T decode(ByteBuffer text, String name, Decoder<T> decoder) throws IOException {
    var characters = ISO_8859_1.decode(text);
    try {
      return decoder.decode(characters);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + " does not hold a key: its 44 characters are not base64 of one");
    } finally {
      Arrays.fill(characters.array(), '\0');
    }
  }

  /**
   * Whether more may read it than have to: everybody, or a group though this process owns the file.
   * (One that does not can read it by its group only, as the secrets of a container are.) A system
   * without such permissions says no.
   */
  public static boolean isOpenToOthers(Path file) {
    try {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
      Object own = Files.getAttribute(Path.of("/proc/self"), OWNER_NUMBER);
      boolean isOwners = own.equals(Files.getAttribute(file, OWNER_NUMBER));
      return allowed.contains(PosixFilePermission.OTHERS_READ)
          || (isOwners && allowed.contains(PosixFilePermission.GROUP_READ));
    } catch (IOException | UnsupportedOperationException e) {
      return false; // whoever reads it says what is wrong
    }
  }
}
