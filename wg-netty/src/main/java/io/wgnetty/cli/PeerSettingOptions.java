package io.wgnetty.cli;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.node.CommandFailure;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
      names = "--quota",
      paramLabel = "QUOTA",
      description = "What it may carry in all, such as '50GB a month, then 1M'; off for no quota.")
  private @Nullable String quota;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "The group whose limit and quota it shares; off for none.")
  private @Nullable String group;

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
    return expires != null
        || limit != null
        || quota != null
        || group != null
        || presharedKeyFile != null
        || noPresharedKey;
  }

  /** {@code null} if nothing is said of it. */
  @Nullable PresharedKey presharedKey(InputStream in, Consumer<String> notes)
      throws CommandFailure {
    return PeerKeyFile.read(presharedKeyFile, noPresharedKey, in, notes);
  }

  /** Where the file is to say that it is; {@code null} if it came from elsewhere. */
  @Nullable String presharedKeyPath() {
    if (presharedKeyFile == null || presharedKeyFile.equals("-")) {
      return null;
    }
    String path = Path.of(presharedKeyFile).toAbsolutePath().normalize().toString();
    return path.chars().anyMatch(Character::isISOControl) ? null : path; // not fit for a line
  }

  long notAfter(long otherwise) throws CommandFailure {
    return expires == null ? otherwise : read("--expires", expires, PeerWish::end);
  }

  PeerLimit limit(PeerLimit otherwise) throws CommandFailure {
    Map<String, @Nullable String> texts = new HashMap<>();
    texts.put("limit", limit);
    texts.put("quota", quota);
    texts.put("group", group);
    try {
      return PeerWish.limit(otherwise, texts::get);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage("--" + e.getMessage());
    }
  }

  /** An option's value. */
  static <T extends @Nullable Object> T read(String option, String text, Function<String, T> reader)
      throws CommandFailure {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(option + ": " + e.getMessage());
    }
  }
}
