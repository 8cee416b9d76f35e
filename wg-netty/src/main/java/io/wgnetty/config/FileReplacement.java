package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;

/** Gives a configuration file another content, at once. */
public final class FileReplacement {
  private static final String OWNER_NUMBER = "unix:uid";
  private static final int ROOT = 0;

  private FileReplacement() {}

  /** Replaces a file by a text, {@link #replace(Path, byte[])}. */
  public static void replace(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    try {
      replace(file, bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * Replaces a file by another content: whoever opens it sees the old or the new one, also after a
   * power failure. Mode, group and owner stay, but for a file of root's that another user may
   * write: it is that user's then. A new file is for its owner alone. A symbolic link stays one.
   *
   * @throws IOException if that is not possible; the file is then as it was
   */
  public static void replace(Path file, byte[] text) throws IOException {
    replace(file, out -> out.write(text));
  }

  /** What a file is to contain. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** The same for a content that need not be in memory as a whole. */
  public static void replace(Path file, Content content) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path directory = target.getParent();
    if (directory == null) {
      throw new IOException(file + " is not a file's name");
    }
    Path temporary;
    try {
      // In the same directory, or it could not be moved at once. Made with mode 0600.
      temporary = Files.createTempFile(directory, "." + target.getFileName(), ".tmp");
    } catch (FileSystemException e) {
      throw new IOException("no new version of " + file + " could be written: " + reason(e), e);
    }
    try {
      try (var out = new FileOutputStream(temporary.toFile())) {
        content.writeTo(out);
        // Before the move: else a power failure could leave the new name with no content.
        out.getFD().sync();
      }
      if (Files.exists(target)) {
        copyOwnerAndMode(target, temporary);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw new IOException(file + " could not be replaced: " + reason(e), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Without the temporary file's name, of which nobody has heard. */
  private static String reason(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return e instanceof NoSuchFileException
        ? "there is no such folder"
        : String.valueOf(e.getReason() == null ? e : e.getReason());
  }

  private static void copyOwnerAndMode(Path from, Path to) throws IOException {
    PosixFileAttributes old = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributes now = Files.readAttributes(to, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    // Owner first: the mode must not be open to the wrong group in between.
    if (!old.owner().equals(now.owner())) {
      keepOwner(from, old, view);
    }
    if (!old.group().equals(now.group())) {
      keepGroup(old, view);
    }
    view.setPermissions(old.permissions());
  }

  private static void keepOwner(Path file, PosixFileAttributes old, PosixFileAttributeView view)
      throws IOException {
    try {
      view.setOwner(old.owner());
    } catch (FileSystemException e) {
      // Only root may give files away. A node in a container is not root, its file often is
      // root's, and root needs no owner's rights. Anybody else would be locked out.
      if (!Files.getAttribute(file, OWNER_NUMBER).equals(ROOT)) {
        throw new IOException("its new version could not be " + old.owner().getName() + "'s");
      }
    }
  }

  private static void keepGroup(PosixFileAttributes old, PosixFileAttributeView view)
      throws IOException {
    try {
      view.setGroup(old.group());
    } catch (FileSystemException e) {
      throw new IOException("its new version could not have the group " + old.group().getName());
    }
  }
}
