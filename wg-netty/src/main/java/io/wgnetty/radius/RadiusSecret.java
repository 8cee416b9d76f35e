package io.wgnetty.radius;

import io.wgnetty.config.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;

/** Reads what a node and a server share, by which each knows the other's packets. */
final class RadiusSecret {
  /** Longer ones are cut by some servers. */
  private static final int MAX_BYTES = 256;

  private RadiusSecret() {}

  /**
   * The first line of a file, without the white space around it.
   *
   * @throws IOException if there is none, or everybody may read it; the message says why, and
   *     nothing of what is in it
   */
  static byte[] read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("--radius-secret-file: " + file + " is a directory");
    }
    byte[] text = new byte[MAX_BYTES + 2];
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        throw new IOException(
            "--radius-secret-file: " + file + " can be read by everybody: chmod 600 " + file);
      }
      int length = in.readNBytes(text, 0, text.length);
      int end = 0;
      while (end < length && text[end] != '\n' && text[end] != '\r') {
        end++;
      }
      byte[] secret = stripped(text, end);
      if (secret.length == 0 || secret.length > MAX_BYTES) {
        throw new IOException(
            "--radius-secret-file: the first line of %s is to have 1 to %d bytes, and has %s"
                .formatted(file, MAX_BYTES, secret.length == 0 ? "none" : "more"));
      }
      return secret;
    } catch (FileSystemException e) {
      throw new IOException(
          "--radius-secret-file: cannot read " + file + ": " + FileFailure.reason(e), e);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] stripped(byte[] text, int length) {
    int begin = 0;
    int end = length;
    while (begin < end && text[begin] == ' ') {
      begin++;
    }
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == '\t')) {
      end--;
    }
    return Arrays.copyOfRange(text, begin, end);
  }
}
