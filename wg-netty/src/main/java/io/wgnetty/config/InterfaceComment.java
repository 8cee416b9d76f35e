package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comments with a meaning in a file's [Interface] section, or above it, such as {@code # Peers =
 * SOURCE}: what other programs pass over.
 */
public final class InterfaceComment {
  /** Where more peers come from. */
  public static final String PEERS = "Peers";

  /** What a cluster calls this node. */
  public static final String NODE = "Node";

  /** Its number among the nodes. */
  public static final String NODE_NUMBER = "NodeNumber";

  /** Where other nodes hand datagrams on to it. */
  public static final String NODE_ADDRESS = "NodeAddress";

  /** Which file has the nodes' common secret. */
  public static final String CLUSTER_KEY_FILE = "ClusterKeyFile";

  /** The table for routes to peers that are here. */
  public static final String ANNOUNCE = "Announce";

  /** In any case. A key that somebody has commented out is none of them. */
  private static final Set<String> KNOWN = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    KNOWN.addAll(List.of(PEERS, NODE, NODE_NUMBER, NODE_ADDRESS, CLUSTER_KEY_FILE, ANNOUNCE));
  }

  private static final Pattern COMMENT = Pattern.compile("\\s*#\\s*(\\w+)\\s*=\\s*(\\S+)\\s*");

  private InterfaceComment() {}

  /** What the file's comments say, by their names, which may be written in any case. */
  public static Map<String, String> all(Path file) throws IOException {
    byte[] text = ConfigurationFile.bytes(file);
    try {
      return in(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** The first of each name counts. */
  static Map<String, String> in(byte[] text) {
    var line = new LineCursor(text);
    Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    while (line.advance() && !isPeer(line)) {
      if (line.length() == 0 && line.hasComment()) {
        Matcher matcher =
            COMMENT.matcher(
                new String(text, line.commentStart(), line.end() - line.commentStart(), UTF_8));
        if (matcher.matches() && KNOWN.contains(matcher.group(1))) {
          found.putIfAbsent(matcher.group(1), matcher.group(2));
        }
      }
    }
    line.wipe();
    return found;
  }

  private static boolean isPeer(LineCursor line) {
    return line.length() == 6
        && line.charAt(0) == '['
        && Section.named(line.text(1, 5)) == Section.PEER;
  }
}
