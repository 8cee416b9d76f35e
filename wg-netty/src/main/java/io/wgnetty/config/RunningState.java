package io.wgnetty.config;

import io.wgnetty.crypto.PublicKey;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes what runs into the text of the file that it came from. Lines that say the same stay as
 * they are, with comments, order, empty lines and line ends; others are replaced, new ones stand
 * behind the last of their section, new peers at the end. What has no state beside the file, such
 * as DNS and commands, stays.
 */
public final class RunningState {
  private static final List<Keyword> INTERFACE_KEYWORDS =
      List.of(
          Keyword.PRIVATE_KEY, Keyword.LISTEN_PORT, Keyword.FW_MARK, Keyword.ADDRESS, Keyword.MTU);

  private RunningState() {}

  /**
   * The text with what runs in it, as an array that the caller overwrites.
   *
   * @param before what the text says
   * @param removed peers that are to be taken out; a peer of the text that neither is one of these
   *     nor runs stays as it is
   * @throws IllegalArgumentException if a value cannot stand in a file
   */
  public static byte[] into(
      byte[] text, Configuration before, Configuration running, Set<PublicKey> removed) {
    Map<PublicKey, PeerSettings> old = new HashMap<>();
    before.peers().forEach(peer -> old.put(peer.publicKey(), peer));
    Map<PublicKey, SectionChange> changes = new HashMap<>();
    for (PeerSettings peer : running.peers()) {
      PeerSettings known = old.get(peer.publicKey());
      if (known != null) {
        changes.put(peer.publicKey(), PeerDifference.of(known, peer));
      }
    }
    SectionChange ofInterface = change(before, running.settings());
    GroupComments.change(
        ofInterface,
        before.settings().groups(),
        running.settings().groups(),
        ConfigurationEditor.lineEnd(text));
    byte[] kept = ConfigurationEditor.removePeers(text, without(removed, running));
    byte[] changed = new SectionWriter(kept, ofInterface, changes).write();
    byte[] whole =
        ConfigurationEditor.addPeers(
            changed,
            running.peers().stream().filter(peer -> !old.containsKey(peer.publicKey())).toList());
    Arrays.fill(kept, (byte) 0);
    Arrays.fill(changed, (byte) 0);
    return whole;
  }

  private static Set<PublicKey> without(Set<PublicKey> removed, Configuration running) {
    Set<PublicKey> gone = new HashSet<>(removed);
    running.peers().forEach(peer -> gone.remove(peer.publicKey()));
    return gone;
  }

  private static SectionChange change(Configuration before, InterfaceSettings running) {
    var change = new SectionChange();
    boolean keyElsewhere = before.comments().containsKey(InterfaceComment.PRIVATE_KEY_FILE);
    for (Keyword keyword : INTERFACE_KEYWORDS) {
      boolean stays = keyword == Keyword.PRIVATE_KEY && keyElsewhere;
      if (!stays && !isSame(keyword, before.settings(), running)) {
        change.put(keyword, (out, end) -> ConfigurationText.addLine(out, keyword, running, end));
      }
    }
    return change;
  }

  private static boolean isSame(
      Keyword keyword, InterfaceSettings before, InterfaceSettings running) {
    return switch (keyword) {
      case PRIVATE_KEY ->
          before.privateKey() == null
              ? running.privateKey() == null
              : running.privateKey() != null && before.privateKey().sameAs(running.privateKey());
      case LISTEN_PORT -> before.listenPort() == running.listenPort();
      case FW_MARK -> before.fwmark() == running.fwmark();
      case ADDRESS -> Set.copyOf(before.addresses()).equals(Set.copyOf(running.addresses()));
      case MTU -> Objects.equals(before.mtu(), running.mtu());
      default -> true;
    };
  }
}
