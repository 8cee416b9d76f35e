package io.wgnetty.peers.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.config.FileFailure;
import io.wgnetty.config.FileReplacement;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.record.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a file for each peer, NAME.conf with a {@code [Peer]} section or NAME.json with a
 * record. Changes are told by inotify; when it has lost count, the folder is read anew.
 */
public final class FolderSource implements PeerSource {
  /** What belongs to one saving of a file comes in less. */
  private static final long SETTLING_MS = 20;

  private static final long RETRY_MS = 1000;
  private static final int PAGE = 1000;
  private static final String SECTION = ".conf";
  private static final String JSON = ".json";

  private final Path folder;
  private final CountDownLatch closed = new CountDownLatch(1);

  public FolderSource(Path folder) {
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException("dir: takes an absolute path, such as dir:/etc/wg0.d");
    }
    this.folder = folder;
  }

  @Override
  public void follow(SourceListener listener) throws InterruptedException {
    while (!isClosed()) {
      try (WatchService watches = folder.getFileSystem().newWatchService()) {
        // Registered first: what changes while it is read is told.
        WatchKey key =
            folder.register(
                watches,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        Object identity = identity();
        list(listener);
        while (key.isValid() && Objects.equals(identity, identity()) && !isClosed()) {
          WatchKey told = watches.poll(RETRY_MS, TimeUnit.MILLISECONDS);
          if (told != null) {
            take(told, listener);
          }
        }
        if (!isClosed()) {
          listener.away(folder + " is gone");
        }
      } catch (ClosedWatchServiceException | IOException e) {
        listener.away(reason(e));
      }
      boolean unusedClosed = closed.await(RETRY_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Another folder by the same name is another one. */
  private @Nullable Object identity() throws IOException {
    return Files.readAttributes(folder, BasicFileAttributes.class).fileKey();
  }

  private static String reason(Exception e) {
    return e instanceof IOException failure
        ? FileFailure.reason(failure)
        : String.valueOf(e.getMessage());
  }

  private void list(SourceListener listener) throws IOException, InterruptedException {
    List<Path> files = files();
    listener.reached();
    listener.beginListing();
    for (int i = 0; i < files.size(); i += PAGE) {
      listener.records(
          files.subList(i, Math.min(files.size(), i + PAGE)).stream()
              .map(FolderSource::read)
              .toList());
    }
    listener.listed();
  }

  private void take(WatchKey key, SourceListener listener)
      throws IOException, InterruptedException {
    Set<String> names = new LinkedHashSet<>();
    boolean lost = drain(key, names);
    boolean unusedClosed = closed.await(SETTLING_MS, TimeUnit.MILLISECONDS);
    lost |= drain(key, names);
    boolean unusedValid = key.reset();
    if (lost) {
      list(listener);
      return;
    }
    List<StoredRecord> changed = new ArrayList<>();
    for (String name : names) {
      if (isRecord(name)) {
        changed.add(read(folder.resolve(name)));
      }
    }
    if (!changed.isEmpty()) {
      listener.records(changed);
    }
  }

  private static boolean drain(WatchKey key, Set<String> names) {
    boolean lost = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      lost |= event.kind().equals(StandardWatchEventKinds.OVERFLOW);
      if (event.context() instanceof Path path) {
        names.add(path.toString());
      }
    }
    return lost;
  }

  private static boolean isRecord(String name) {
    return !name.startsWith(".") && (name.endsWith(SECTION) || name.endsWith(JSON));
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (isRecord(name(file))) {
          files.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  private static String name(Path file) {
    Path name = file.getFileName();
    return name == null ? "" : name.toString();
  }

  private static StoredRecord read(Path file) {
    String name = name(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(RecordReader.MAX_BYTES + 1);
      return new StoredRecord(name, 0, text, null);
    } catch (NoSuchFileException e) {
      return StoredRecord.gone(name);
    } catch (IOException e) {
      return StoredRecord.unreadable(name, FileFailure.reason(e));
    }
  }

  @Override
  public void list(Consumer<StoredRecord> taker) throws IOException {
    files().stream().sorted().map(FolderSource::read).forEach(taker);
  }

  @Override
  public @Nullable StoredRecord lookUp(PublicKey key) {
    for (String suffix : List.of(JSON, SECTION)) {
      StoredRecord found = read(folder.resolve(KeyNames.of(key) + suffix));
      if (!found.isGone()) {
        return found;
      }
    }
    return null;
  }

  @Override
  public @Nullable PublicKey keyOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? null : KeyNames.parse(name.substring(0, dot));
  }

  @Override
  public void put(Map<PublicKey, String> records) throws IOException {
    for (Map.Entry<PublicKey, String> record : records.entrySet()) {
      FileReplacement.replace(
          folder.resolve(KeyNames.of(record.getKey()) + JSON),
          (record.getValue() + "\n").getBytes(UTF_8));
    }
  }

  @Override
  public byte @Nullable [] beside(String name) {
    return null;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
