package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
  public static byte[] addPeers(byte[] text, List<PeerSettings> peers) {
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

  /** The text without this peer, be it disabled; the same text if it has no such peer. */
  public static byte[] removePeer(byte[] text, PublicKey key) {
    List<PeerText> sections = new ArrayList<>(of(PeerText.in(text), Set.of(key)));
    sections.addAll(of(DisabledPeers.in(text), Set.of(key)));
    sections.sort(Comparator.comparingInt(PeerText::start));
    return without(text, sections);
  }

  /** The text without these peers; those that are disabled stay. */
  static byte[] removePeers(byte[] text, Set<PublicKey> keys) {
    return without(text, of(PeerText.in(text), keys));
  }

  /**
   * The text with this peer's sections as comments, for every reader of such files.
   *
   * @throws IllegalArgumentException if the text has no such peer
   */
  public static byte[] disablePeer(byte[] text, PublicKey key) {
    return DisabledPeers.disable(text, some(PeerText.in(text), key));
  }

  /**
   * The text with the disabled peer's sections as they were.
   *
   * @throws IllegalArgumentException if the text has no such peer, or has it beside
   */
  public static byte[] enablePeer(byte[] text, PublicKey key) {
    if (!of(PeerText.in(text), Set.of(key)).isEmpty()) {
      throw new IllegalArgumentException("the peer " + key + " is there already");
    }
    return DisabledPeers.enable(text, some(DisabledPeers.in(text), key));
  }

  /**
   * The text with a peer's lines as they have to be for a change of its settings; a disabled peer
   * stays disabled.
   *
   * @param before what the text says of it
   * @throws IllegalArgumentException if the text has no such peer
   */
  public static byte[] changePeer(byte[] text, PeerSettings before, PeerSettings after) {
    PublicKey key = before.publicKey();
    if (of(PeerText.in(text), Set.of(key)).isEmpty()) {
      byte[] enabled = enablePeer(text, key);
      byte[] changed = changePeer(enabled, before, after);
      byte[] disabled = disablePeer(changed, key);
      Arrays.fill(enabled, (byte) 0);
      Arrays.fill(changed, (byte) 0);
      return disabled;
    }
    SectionChange change = PeerDifference.ofAll(before, after);
    return change.isEmpty()
        ? text.clone()
        : new SectionWriter(text, new SectionChange(), Map.of(key, change)).write();
  }

  private static List<PeerText> of(List<PeerText> sections, Set<PublicKey> keys) {
    return sections.stream()
        .filter(section -> section.key() != null && keys.contains(section.key()))
        .toList();
  }

  private static List<PeerText> some(List<PeerText> sections, PublicKey key) {
    List<PeerText> found = of(sections, Set.of(key));
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no such peer " + key);
    }
    return found;
  }

  private static byte[] without(byte[] text, List<PeerText> sections) {
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
