package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which right a failed hook seems to lack, of those that the launcher gives up. */
final class HookRights {
  /** A shell's status for a program that it may not run; so end those with rights of their file. */
  private static final int NOT_EXECUTABLE = 126;

  private static final List<String> REFUSALS =
      List.of("operation not permitted", "permission denied", "must be root", "are you root");

  /** What the words of a hook or of its complaint point to, and the number of that capability. */
  private static final Map<String, Map.Entry<String, Integer>> BY_WORD = new TreeMap<>();

  static {
    for (String word : List.of("ping", "iptables", "ip6tables", "xtables", "raw socket")) {
      BY_WORD.put(word, Map.entry("net_raw", 13));
    }
    for (String word : List.of("mount", "nsenter", "ip netns", "setns", "unshare")) {
      BY_WORD.put(word, Map.entry("sys_admin", 21));
    }
    for (String word : List.of("modprobe", "insmod")) {
      BY_WORD.put(word, Map.entry("sys_module", 16));
    }
    BY_WORD.put("chown", Map.entry("chown", 0));
  }

  private static final long ALL_KNOWN = (1L << 38) - 1;

  private final Path status;

  /**
   * @param status as the kernel shows it of this process
   */
  HookRights(Path status) {
    this.status = status;
  }

  /** A sentence that names the option of the launcher which would help; {@code null} if none. */
  @Nullable String hint(String script, int exitStatus, String lastLines) {
    String said = lastLines.toLowerCase(Locale.ROOT);
    if (exitStatus != NOT_EXECUTABLE && REFUSALS.stream().noneMatch(said::contains)) {
      return null;
    }
    long held = capabilities();
    if ((held & ALL_KNOWN) == ALL_KNOWN) {
      return null;
    }
    String words = said + " " + script.toLowerCase(Locale.ROOT);
    for (var each : BY_WORD.entrySet()) {
      if (words.contains(each.getKey()) && (held >> each.getValue().getValue() & 1) == 0) {
        return sentence(each.getValue().getKey());
      }
    }
    return sentence("all");
  }

  private static String sentence(String capability) {
    return "commands have the node's few rights; if this one needs more: --keep " + capability;
  }

  private long capabilities() {
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("CapEff:")) {
          return Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return 0;
  }
}
