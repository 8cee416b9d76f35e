package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A node and its friend, who have met in both roles and have a live session. The node is 10.0.0.1
 * inside the tunnel, the friend 10.0.0.2.
 */
final class EmbeddedPair implements AutoCloseable {
  /** Older than any session may be: whoever sends then starts a handshake. */
  private static final long EXPIRED_NS = TimeUnit.SECONDS.toNanos(200);

  private static final int PACKETS = 100;

  final EmbeddedNode node;
  final EmbeddedNode friend;
  final Peer friendAsPeer;

  /** Every message that was sent to the node; the last is a transport message of the session. */
  final List<byte[]> messages = new ArrayList<>();

  EmbeddedPair(RandomGenerator random) {
    node = new EmbeddedNode(endpoint("192.0.2.1"), random);
    friend = new EmbeddedNode(endpoint("192.0.2.2"), random);
    friendAsPeer = node.peer(friend.identity.publicKey(), friend.endpoint, "10.0.0.2/32");
    friend.peer(node.identity.publicKey(), node.endpoint, "10.0.0.1/32");
    node.host(packet(1, 2, 100));
    exchange();
    assertThat(friend.delivered()).hasSize(1);
    node.nowNs = EXPIRED_NS;
    friend.nowNs = EXPIRED_NS;
    for (int i = 0; i < PACKETS; i++) {
      friend.host(packet(2, 1, 20 + 13 * i));
      exchange();
    }
    assertThat(node.delivered()).hasSize(PACKETS);
    assertThat(messages.stream().map(m -> (int) m[0]))
        .contains(Messages.INITIATION, Messages.RESPONSE, Messages.TRANSPORT);
  }

  /** Carries datagrams to and fro until nobody has any more to say. */
  void exchange() {
    while (!node.sent.isEmpty() || !friend.sent.isEmpty()) {
      for (Datagram datagram : take(friend)) {
        messages.add(datagram.bytes());
        node.receive(List.of(new Datagram(datagram.bytes(), friend.endpoint)));
      }
      for (Datagram datagram : take(node)) {
        friend.receive(List.of(new Datagram(datagram.bytes(), node.endpoint)));
      }
    }
  }

  private static List<Datagram> take(EmbeddedNode sender) {
    List<Datagram> sent = List.copyOf(sender.sent);
    sender.sent.clear();
    return sent;
  }

  static Endpoint endpoint(String address) {
    return Endpoint.of(IpText.parse(address), 51820, 0);
  }

  /** An IPv4 packet between two hosts of 10.0.0.0/16. */
  static byte[] packet(int from, int to, int length) {
    byte[] packet = new byte[length];
    packet[0] = 0x45;
    packet[2] = (byte) (length >> 8);
    packet[3] = (byte) length;
    packet[8] = 64;
    packet[9] = 17;
    packet[12] = 10;
    packet[14] = (byte) (from >> 8);
    packet[15] = (byte) from;
    packet[16] = 10;
    packet[18] = (byte) (to >> 8);
    packet[19] = (byte) to;
    return packet;
  }

  @Override
  public void close() {
    node.close();
    friend.close();
    assertThat(node.memory.metric().usedDirectMemory()).as("memory left").isZero();
  }
}
