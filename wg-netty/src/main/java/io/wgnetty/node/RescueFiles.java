package io.wgnetty.node;

import io.wgnetty.config.FileReplacement;
import io.wgnetty.config.OwnFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where the running state of an interface is kept that could not be saved to its file when it had
 * to end: files for their owner alone.
 *
 * @param folders the first in which a file can be made is taken
 */
record RescueFiles(List<Path> folders) {
  private static final String SUFFIX = ".conf.rescue";

  /**
   * More than one for each interface: what an earlier run left may be all there is of its peers.
   */
  private static final int MAX_FILES = 10;

  RescueFiles {
    folders = List.copyOf(folders);
  }

  /** In the places of this machine. */
  static RescueFiles of(Map<String, String> environment, Path socketDirectory) {
    return new RescueFiles(StateFolders.of(environment, socketDirectory));
  }

  /**
   * Writes a new file; none that is there is overwritten, up to a number.
   *
   * @throws IOException if no folder takes it
   */
  Path write(String name, byte[] text) throws IOException {
    return OwnFolders.first(
        folders,
        folder -> {
          Path file = free(folder, name);
          Files.deleteIfExists(file); // or the new one would have its mode
          FileReplacement.replace(file, text);
          return file;
        });
  }

  private static Path free(Path folder, String name) {
    Path file = numbered(folder, name, 1);
    for (int i = 2; i <= MAX_FILES && Files.exists(file); i++) {
      file = numbered(folder, name, i);
    }
    return file;
  }

  private static Path numbered(Path folder, String name, int number) {
    return folder.resolve(name + SUFFIX + (number == 1 ? "" : "-" + number));
  }

  /** Those that are there of this interface. */
  List<Path> of(String name) {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      for (int i = 1; i <= MAX_FILES; i++) {
        Path file = numbered(folder, name, i);
        if (Files.exists(file)) {
          files.add(file);
        }
      }
    }
    return files;
  }
}
