package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from another without reading it.
 *
 * @param key the file's number in its file system: another one after a rename
 */
record FileStamp(FileTime modified, long sizeBytes, String key) {
  /** The stamp of the file that a path leads to now, {@code null} if there is none. */
  static @Nullable FileStamp of(Path path) {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? new FileStamp(
              attributes.lastModifiedTime(),
              attributes.size(),
              String.valueOf(attributes.fileKey()))
          : null;
    } catch (IOException e) {
      return null;
    }
  }
}
