package io.wgnetty.memory;

import io.wgnetty.config.FileReplacement;
import io.wgnetty.config.OwnFolders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file of an interface's {@link PeerRecords}, for its owner alone: it tells where people are.
 *
 * @param folders the first in which it can be written is taken
 */
record MemoryFile(String interfaceName, List<Path> folders) {
  private static final String SUFFIX = ".peers";

  /** A million peers with long labels. */
  private static final long MAX_BYTES = 512L << 20;

  private static final Set<PosixFilePermission> FOR_OTHERS_TO_WRITE =
      Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  MemoryFile {
    folders = List.copyOf(folders);
  }

  /**
   * Reads the newest there is.
   *
   * @throws IOException if it cannot be read or trusted; the message says which file and why
   */
  Optional<PeerRecords> read() throws IOException {
    Path newest = null;
    long newestMs = Long.MIN_VALUE;
    for (Path folder : folders) {
      Path file = folder.resolve(interfaceName + SUFFIX);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        long ms = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        if (newest == null || ms > newestMs) {
          newest = file;
          newestMs = ms;
        }
      }
    }
    return newest == null ? Optional.empty() : Optional.of(read(newest));
  }

  private static PeerRecords read(Path file) throws IOException {
    try {
      check(file);
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return RecordText.read(in);
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + " was removed meanwhile", e);
    } catch (IOException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Whoever else could write it could shut peers out, or have us call anybody. */
  private static void check(Path file) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException("it is not a regular file");
    }
    if (attributes.permissions().stream().anyMatch(FOR_OTHERS_TO_WRITE::contains)) {
      throw new IOException("others than its owner may write it");
    }
    if (!Files.isReadable(file)) {
      throw new IOException("it may not be read");
    }
    if (attributes.size() > MAX_BYTES) {
      throw new IOException("it is too long");
    }
  }

  /**
   * Replaces it at once, also in the sight of a power failure.
   *
   * @return how many bytes it has
   * @throws IOException if no folder takes it; what was there stays
   */
  long write(PeerRecords records) throws IOException {
    return OwnFolders.first(
        folders,
        folder -> {
          Path file = folder.resolve(interfaceName + SUFFIX);
          FileReplacement.replace(file, out -> RecordText.write(records, out));
          return Files.size(file);
        });
  }
}
