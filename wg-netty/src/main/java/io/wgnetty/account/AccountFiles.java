package io.wgnetty.account;

import io.wgnetty.config.FileReplacement;
import io.wgnetty.config.OwnFolders;
import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The files of an interface's accounts, for their owner alone: {@code NAME.accounts} with the
 * totals, and in {@code NAME.days} one for each day that is over.
 */
final class AccountFiles {
  private static final String SUFFIX = ".accounts";
  private static final String DAYS_SUFFIX = ".days";
  private static final String DAY_HEAD = "wg-netty-day 1";

  private final Path file;
  private final Path days;

  private AccountFiles(Path folder, String interfaceName) {
    file = folder.resolve(interfaceName + SUFFIX);
    days = folder.resolve(interfaceName + DAYS_SUFFIX);
  }

  /**
   * Where they are; if they are nowhere, the first folder that can be written.
   *
   * @throws IOException if none can
   */
  static AccountFiles in(List<Path> folders, String interfaceName) throws IOException {
    for (Path folder : folders) {
      var files = new AccountFiles(folder, interfaceName);
      if (Files.exists(files.file, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(folder)) {
        return files;
      }
    }
    return OwnFolders.first(
        folders,
        folder -> {
          if (!Files.isWritable(folder)) {
            throw new IOException(folder + " may not be written");
          }
          return new AccountFiles(folder, interfaceName);
        });
  }

  Path file() {
    return file;
  }

  /**
   * The totals; nothing if there are none yet.
   *
   * @throws IOException if they cannot be read or are damaged, which the message says in a few
   *     words
   */
  Optional<LedgerText.Content> read(int mostAccounts) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(LedgerText.read(in, mostAccounts));
    }
  }

  /** Replaces the totals at once; returns how many bytes they have. */
  long write(Ledger ledger, boolean closed) throws IOException {
    FileReplacement.replace(file, out -> LedgerText.write(ledger, closed, out));
    return Files.size(file);
  }

  /** Puts totals that cannot be read out of the way, over those of which that was done before. */
  Path setAside() throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    return Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Keeps a day that is over; one that is kept already stays. */
  void writeDay(LocalDate day, Map<PublicKey, DayTotal> totals) throws IOException {
    Path of = days.resolve(day.toString());
    if (Files.exists(of)) {
      return;
    }
    OwnFolders.make(days);
    FileReplacement.replace(
        of,
        to -> {
          var out = new CheckedLines.Writer(to);
          out.line(DAY_HEAD + ' ' + day);
          for (Map.Entry<PublicKey, DayTotal> entry : totals.entrySet()) {
            DayTotal total = entry.getValue();
            out.line(entry.getKey().toBase64() + ' ' + total.received() + ' ' + total.sent());
          }
          out.end();
        });
  }

  /** The days that are kept. */
  NavigableSet<LocalDate> days() throws IOException {
    NavigableSet<LocalDate> found = new TreeSet<>();
    if (!Files.isDirectory(days)) {
      return found;
    }
    try (Stream<Path> names = Files.list(days)) {
      names.forEach(
          name -> {
            try {
              found.add(LocalDate.parse(String.valueOf(name.getFileName())));
            } catch (DateTimeException e) {
              // Something else, such as a file that was not written to its end.
            }
          });
    }
    return found;
  }

  /**
   * Reads a day.
   *
   * @throws IOException if it is damaged; what was told before then does not count
   */
  void readDay(LocalDate day, BiConsumer<PublicKey, DayTotal> to) throws IOException {
    Path of = days.resolve(day.toString());
    try (InputStream in = Files.newInputStream(of, LinkOption.NOFOLLOW_LINKS)) {
      var lines = new CheckedLines.Reader(in);
      try {
        if (!LocalDate.parse(lines.head(DAY_HEAD, 1)[0]).equals(day)) {
          throw new IOException("it is another day's");
        }
        for (String[] fields = lines.fields(3); fields.length > 0; fields = lines.fields(3)) {
          to.accept(
              PublicKey.fromBase64(fields[0]),
              new DayTotal(CheckedLines.count(fields[1]), CheckedLines.count(fields[2])));
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        throw lines.damaged(e);
      }
    }
  }

  /** Forgets days before this one. */
  void forgetBefore(LocalDate oldest) throws IOException {
    for (LocalDate day : days().headSet(oldest)) {
      Files.deleteIfExists(days.resolve(day.toString()));
    }
  }
}
