package io.wgnetty.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Folders for their owner alone, made where they are not there yet. */
public final class OwnFolders {
  /** What is done in a folder. */
  @FunctionalInterface
  public interface Use<T> {
    T in(Path folder) throws IOException;
  }

  private OwnFolders() {}

  /** Makes a folder that is not there. */
  public static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /**
   * Does something in the first of the folders in which it is possible.
   *
   * @throws IOException the last folder's, if it is possible in none
   */
  public static <T> T first(List<Path> folders, Use<T> use) throws IOException {
    IOException last = new IOException("there is no folder for it");
    for (Path folder : folders) {
      try {
        make(folder);
        return use.in(folder);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }
}
