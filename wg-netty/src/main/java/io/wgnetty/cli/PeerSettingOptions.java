package io.wgnetty.cli;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.node.CommandFailure;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a peer may have, of those that add it and those that change it. */
final class PeerSettingOptions {
  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = {
        "Until when it may be there: a day, to its end in UTC, such as 2030-12-31, or a moment such"
            + " as 2030-12-31T18:00:00+01:00; never."
      })
  private @Nullable String expires;

  @Option(
      names = "--limit",
      paramLabel = "RATES",
      description = "What it may carry, such as 20M, or 'in 5M, out 50M'; off for no limit.")
  private @Nullable String limit;

  @Option(
      names = "--psk",
      paramLabel = "FILE",
      description = "The pre-shared key is in this file; - for standard input.")
  private @Nullable String presharedKeyFile;

  @Option(names = "--no-psk", description = "No pre-shared key.")
  private boolean noPresharedKey;

  boolean hasPresharedKeyFile() {
    return presharedKeyFile != null;
  }

  /** Whether there is one of them. */
  boolean any() {
    return expires != null || limit != null || presharedKeyFile != null || noPresharedKey;
  }

  /** {@code null} if nothing is said of it. */
  @Nullable PresharedKey presharedKey(InputStream in, Consumer<String> notes)
      throws CommandFailure {
    return PeerKeyFile.read(presharedKeyFile, noPresharedKey, in, notes);
  }

  long notAfter(long otherwise) throws CommandFailure {
    return expires == null ? otherwise : read("--expires", expires, PeerWish::end);
  }

  PeerLimit limit(PeerLimit otherwise) throws CommandFailure {
    return limit == null ? otherwise : read("--limit", limit, PeerWish::limit);
  }

  /** An option's value. */
  static <T> T read(String option, String text, Function<String, T> reader) throws CommandFailure {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(option + ": " + e.getMessage());
    }
  }
}
