package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Changes the peers of a file's text and nothing else: every other byte, comment, order and line
 * end stays. What is added and removed again leaves the text as it was.
 */
public final class ConfigurationEditor {
  private ConfigurationEditor() {}

  /**
   * The text with one more peer, at its end.
   *
   * @throws IllegalArgumentException if the peer is there already
   */
  public static byte[] addPeer(byte[] text, PeerSettings peer) {
    for (PeerText there : PeerText.in(text)) {
      if (peer.publicKey().equals(there.key())) {
        throw new IllegalArgumentException("the peer " + peer.publicKey() + " is there already");
      }
    }
    return addPeers(text, List.of(peer));
  }

  /** The text with more peers, at its end, none of which it has. */
  static byte[] addPeers(byte[] text, List<PeerSettings> peers) {
    String lineEnd = lineEnd(text);
    var section = new TextBuffer();
    for (int i = 0; i < peers.size(); i++) {
      section.add(i == 0 ? "" : lineEnd);
      ConfigurationText.addPeer(section, peers.get(i), lineEnd);
    }
    byte[] added = section.take();
    var out = new TextBuffer().add(text);
    int end = added.length;
    if (text.length > 0 && !peers.isEmpty()) {
      if (text[text.length - 1] != '\n') {
        // It ends without a line end, and so it shall again.
        out.add(text[text.length - 1] == '\r' ? "\r\n" : lineEnd);
        end -= lineEnd.length();
      }
      out.add(lineEnd);
    }
    out.add(added, 0, end);
    Arrays.fill(added, (byte) 0);
    return out.take();
  }

  /** The text without this peer; the same text if it has no such peer. */
  public static byte[] removePeer(byte[] text, PublicKey key) {
    return removePeers(text, Set.of(key));
  }

  /** The text without these peers. */
  static byte[] removePeers(byte[] text, Set<PublicKey> keys) {
    List<PeerText> sections =
        PeerText.in(text).stream()
            .filter(section -> section.key() != null && keys.contains(section.key()))
            .toList();
    var out = new TextBuffer();
    int kept = 0;
    for (PeerText section : sections) {
      int start = startWithEmptyLine(text, section, kept);
      out.add(text, kept, start);
      kept = section.end();
      if (start == 0 && kept < text.length) {
        kept = afterEmptyLine(text, kept);
      }
    }
    return out.add(text, kept, text.length).take();
  }

  /** The section takes the empty line in front of it along. */
  private static int startWithEmptyLine(byte[] text, PeerText section, int floor) {
    int start = before(text, section.start(), floor);
    boolean isEmptyLine = start < section.start() && (start == floor || text[start - 1] == '\n');
    if (!isEmptyLine) {
      start = section.start();
    }
    boolean endsWithoutLineEnd = section.end() == text.length && text[section.end() - 1] != '\n';
    return endsWithoutLineEnd ? before(text, start, floor) : start;
  }

  /** Where the line end begins that ends here; this place itself if there is none. */
  private static int before(byte[] text, int end, int floor) {
    if (end <= floor || text[end - 1] != '\n') {
      return end;
    }
    return end - 1 > floor && text[end - 2] == '\r' ? end - 2 : end - 1;
  }

  private static int afterEmptyLine(byte[] text, int at) {
    if (text[at] == '\n') {
      return at + 1;
    }
    return text[at] == '\r' && at + 1 < text.length && text[at + 1] == '\n' ? at + 2 : at;
  }

  /** {@link #addPeer(byte[], PeerSettings)} for a text that is a string. */
  public static String addPeer(String text, PeerSettings peer) {
    return edit(text, bytes -> addPeer(bytes, peer));
  }

  /** {@link #removePeer(byte[], PublicKey)} for a text that is a string. */
  public static String removePeer(String text, PublicKey key) {
    return edit(text, bytes -> removePeer(bytes, key));
  }

  private static String edit(String text, UnaryOperator<byte[]> change) {
    byte[] before = text.getBytes(UTF_8);
    byte[] after = change.apply(before);
    String edited = new String(after, UTF_8);
    Arrays.fill(before, (byte) 0);
    Arrays.fill(after, (byte) 0);
    return edited;
  }

  /** How the text's first line ends. */
  static String lineEnd(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == '\n') {
        return i > 0 && text[i - 1] == '\r' ? "\r\n" : "\n";
      }
    }
    return "\n";
  }
}
