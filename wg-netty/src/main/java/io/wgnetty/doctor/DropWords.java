package io.wgnetty.doctor;

import io.wgnetty.counters.DropReason;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each reason of a drop means, and what helps: the words of docs/metrics.md. */
final class DropWords {
  private static final Map<DropReason, Words> ALL = all();

  /** Of one reason. */
  private record Words(String meaning, String remedy) {}

  private DropWords() {}

  /** The reason of that word; {@code null} if there is none, as of a newer node. */
  static @Nullable DropReason reason(String word) {
    for (DropReason reason : DropReason.values()) {
      if (reason.word().equals(word)) {
        return reason;
      }
    }
    return null;
  }

  static String meaning(DropReason reason) {
    return of(reason).meaning;
  }

  static String remedy(DropReason reason) {
    return of(reason).remedy;
  }

  private static Words of(DropReason reason) {
    return ALL.getOrDefault(reason, new Words("", ""));
  }

  private static Map<DropReason, Words> all() {
    Map<DropReason, Words> all = new EnumMap<>(DropReason.class);
    all.put(
        DropReason.MALFORMED_MESSAGE,
        new Words(
            "Not a WireGuard message: too short, an unknown type, a length that does not " + "fit",
            "Port scans and other programs' datagrams: nothing. From a peer's address: "
                + "something on the way changes packets, or the peer obfuscates its traffic"));
    all.put(
        DropReason.UNKNOWN_INDEX,
        new Words(
            "Data of a session that we do not have",
            "Normal for some seconds after this node was restarted or a peer removed; the "
                + "peer makes a new session by itself. If it stays: an old copy of a peer that "
                + "still sends, or replayed traffic"));
    all.put(
        DropReason.LINK_DOWN,
        new Words(
            "It came in the last seconds before the interface was set up, or after it was "
                + "set down",
            "Nothing: peers repeat themselves"));
    all.put(
        DropReason.SESSION_EXPIRED,
        new Words(
            "Data of a session older than three minutes",
            "Handshakes do not get through, see their metrics; or packets were held back "
                + "for minutes on the way"));
    all.put(
        DropReason.DATAGRAM_OWNER_BUSY,
        new Words(
            "The datagram came to another event loop than its peer's, and that one has 64 "
                + "batches waiting",
            "The loop is saturated: see its busy ratio. Without steering (an old kernel) "
                + "fewer --loops"));
    all.put(
        DropReason.NOT_AUTHENTIC,
        new Words(
            "The authentication tag does not fit: forged, or damaged on the way past UDP's "
                + "checksum",
            "A few: nothing. Many: somebody injects packets; nothing of it gets in, but it "
                + "costs processor time, so filter the source"));
    all.put(
        DropReason.REPLAYED,
        new Words(
            "Its counter was seen before or is far behind. What came in an earlier batch "
                + "is not even decrypted, so it may also be forged",
            "The network duplicates or reorders by more than 8,000 packets; or somebody "
                + "replays"));
    all.put(
        DropReason.INNER_NOT_IP,
        new Words(
            "An authentic peer sent something that is neither IPv4 nor IPv6",
            "The peer's software is at fault"));
    all.put(
        DropReason.INNER_LENGTH,
        new Words(
            "An authentic peer sent a packet that claims more bytes than it has",
            "The peer's software is at fault"));
    all.put(
        DropReason.WRONG_SOURCE,
        new Words(
            "The inner source address is not among the peer's allowed IPs",
            "Compare the peer's Address with its AllowedIPs here. A peer that forwards for "
                + "a network needs that network in AllowedIPs, or has to masquerade"));
    all.put(
        DropReason.TUN_REFUSED,
        new Words(
            "The kernel did not take the packet: the interface is down, or it is malformed",
            "Is the interface up? IPv6 packets while IPv6 is switched off on it?"));
    all.put(
        DropReason.PACKET_NOT_IP,
        new Words(
            "The interface brought something that is neither IPv4 nor IPv6",
            "Some program writes raw packets to the interface"));
    all.put(
        DropReason.PACKET_LENGTH,
        new Words(
            "The interface brought a packet that claims another length",
            "Some program writes raw packets to the interface"));
    all.put(
        DropReason.BAD_SUPER_PACKET,
        new Words(
            "The kernel's description of a joined packet does not fit it",
            "--no-offload tun-tso,tun-uso, and please report it"));
    all.put(
        DropReason.NO_PEER,
        new Words(
            "No peer's allowed IPs cover the destination; the sender was told by ICMP",
            "A route leads more to the interface than its peers have: make them agree. "
                + "Multicast and broadcast are normal"));
    all.put(
        DropReason.NO_ENDPOINT,
        new Words(
            "The peer has never been heard from, and has no Endpoint",
            "It has to call first: keepalive on its side, or an Endpoint here"));
    all.put(
        DropReason.OWNER_BUSY,
        new Words(
            "The packet's peer belongs to another loop, which has 64 batches waiting",
            "The loop is saturated: see its busy ratio; more --loops if there are more "
                + "processors"));
    all.put(
        DropReason.STAGED_DROPPED,
        new Words(
            "It waited for a session: the oldest of more than 128, or the handshake was "
                + "given up",
            "The peer does not answer: its address, firewall, keys"));
    all.put(
        DropReason.STAGED_MEMORY_FULL,
        new Words(
            "It waited longest of all peers' packets when together they took more than "
                + "their share of the heap",
            "Much traffic goes to many peers that do not answer: something scans the "
                + "tunnel's addresses, or those peers are gone. With a larger -Xmx more may wait"));
    all.put(
        DropReason.UDP_REFUSED,
        new Words(
            "The kernel refused to send: no route, a firewall, a datagram larger than the "
                + "path",
            "ip route get the endpoint; the MTU; output rules of the firewall"));
    all.put(
        DropReason.BAD_MAC1,
        new Words(
            "A handshake by somebody who does not know our public key",
            "A peer has an old public key of ours. Otherwise scans: they cost next to "
                + "nothing here"));
    all.put(
        DropReason.COOKIE_REQUIRED,
        new Words(
            "We are under load, and the source has not proven its address; it was sent a "
                + "cookie",
            "Genuine peers come back with it. If it stays: a flood of handshakes"));
    all.put(
        DropReason.RATE_LIMITED,
        new Words(
            "More than 20 handshakes a second of one source while under load, or more than "
                + "20,000 cookies a second",
            "Many peers behind one address come in slower after a restart; otherwise "
                + "filter the source"));
    all.put(
        DropReason.NO_PRIVATE_KEY,
        new Words("A message came before the interface has a private key", "Set one"));
    all.put(
        DropReason.HANDSHAKE_QUEUE_FULL,
        new Words(
            "32,768 initiations were waiting already",
            "More peers at once than the processors can take, or a flood; it settles when "
                + "peers repeat"));
    all.put(
        DropReason.HANDSHAKE_STALE,
        new Words(
            "The initiation waited for more than 4.5 s; its sender begins anew after 5 s",
            "As above"));
    all.put(
        DropReason.HANDSHAKE_INVALID,
        new Words(
            "The handshake does not decrypt, or its sender is no peer of ours",
            "The peer is missing here, or the pre-shared keys differ, or a key was changed "
                + "on one side alone"));
    all.put(
        DropReason.HANDSHAKE_REPLAYED,
        new Words(
            "Its timestamp is not newer than the last one's",
            "The peer's clock went back (a machine without a battery clock), or two "
                + "machines use the same key"));
    all.put(
        DropReason.HANDSHAKE_TOO_SOON,
        new Words(
            "More than 50 a second of the same peer",
            "Duplicated on the way, or two machines use the same key"));
    all.put(
        DropReason.HANDSHAKE_UNEXPECTED,
        new Words(
            "A response or cookie to nothing that we asked, or no longer",
            "Late answers after a lossy moment are normal"));
    all.put(
        DropReason.HANDSHAKE_REFUSED,
        new Words("The socket did not take a handshake message of ours", "As udp-refused"));
    return all;
  }
}
