package io.wgnetty.storm;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a wg-netty node counted, by its control socket. Other implementations have no such counters:
 * they hang up, and everything is empty.
 *
 * @param drops what it dropped, by reason
 * @param handshakes what became of handshakes
 * @param facts the rest, as {@code docs/management.md} has it
 */
record NodeCounters(
    Map<String, Long> drops, Map<String, Long> handshakes, Map<String, String> facts) {
  static final NodeCounters NONE = new NodeCounters(Map.of(), Map.of(), Map.of());

  /** The counters as they are; {@link #NONE} if the node does not know such requests. */
  static NodeCounters ask(Path controlSocket, String anyPeerHex) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(controlSocket));
      // Of one peer only: there may be a million.
      channel.write(StandardCharsets.US_ASCII.encode("do=show\npeer=" + anyPeerHex + "\n\n"));
      return parse(new String(readAnswer(channel), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return NONE;
    }
  }

  private static byte[] readAnswer(SocketChannel channel) throws IOException {
    channel.shutdownOutput();
    return Channels.newInputStream(channel).readAllBytes();
  }

  static NodeCounters parse(String answer) {
    if (!answer.contains("implementation=wg-netty")) {
      return NONE;
    }
    Map<String, Long> drops = new TreeMap<>();
    Map<String, Long> handshakes = new TreeMap<>();
    Map<String, String> facts = new TreeMap<>();
    for (String line : answer.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String key = line.substring(0, equals);
      String value = line.substring(equals + 1);
      switch (key) {
        case "public_key" -> {
          return new NodeCounters(drops, handshakes, facts); // what follows is one peer's
        }
        case "drop" -> count(drops, value);
        case "handshakes" -> count(handshakes, value);
        default -> facts.put(key, value);
      }
    }
    return new NodeCounters(drops, handshakes, facts);
  }

  private static void count(Map<String, Long> counts, String value) {
    int colon = value.lastIndexOf(':');
    counts.put(value.substring(0, colon), Long.parseLong(value.substring(colon + 1)));
  }

  /** What was dropped since {@code before}. */
  Map<String, Long> dropsSince(NodeCounters before) {
    Map<String, Long> since = new TreeMap<>();
    drops.forEach(
        (reason, count) -> {
          long more = count - before.drops.getOrDefault(reason, 0L);
          if (more > 0) {
            since.put(reason, more);
          }
        });
    return since;
  }
}
