package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A stranger gets no answer, whatever he sends (protocol 9). The same over real interfaces, and
 * more of it: {@code interop/silence.sh}.
 */
class SilenceTest {
  private static final int DATAGRAMS = 50_000;
  private static final int PER_READ = 50;
  private static final long MILLISECOND_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** Older than any session may be: whoever sends now starts a handshake. */
  private static final long EXPIRED_NS = 200 * SECOND_NS;

  private final long seed = Long.getLong("wgnetty.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final EmbeddedNode node = new EmbeddedNode(endpoint("192.0.2.1"), random);
  private final EmbeddedNode friend = new EmbeddedNode(endpoint("192.0.2.2"), random);
  private final Peer friendAsPeer =
      node.peer(friend.identity.publicKey(), friend.endpoint, "10.0.0.2/32");

  /** Every message that was sent to the node. */
  private final List<byte[]> messages = new ArrayList<>();

  @BeforeEach
  void meetInBothRoles() {
    System.out.println("SilenceTest: -Dwgnetty.seed=" + seed);
    friend.peer(node.identity.publicKey(), node.endpoint, "10.0.0.1/32");
    node.host(ipv4(1, 2, 100));
    exchange();
    assertThat(friend.delivered()).hasSize(1);
    node.nowNs = EXPIRED_NS;
    friend.nowNs = EXPIRED_NS;
    for (int i = 0; i < 100; i++) {
      friend.host(ipv4(2, 1, 20 + 13 * i));
      exchange();
    }
    assertThat(node.delivered()).hasSize(100);
    assertThat(messages.stream().map(m -> (int) m[0]))
        .contains(Messages.INITIATION, Messages.RESPONSE, Messages.TRANSPORT);
  }

  @AfterEach
  void close() {
    node.close();
    friend.close();
    assertThat(node.memory.metric().usedDirectMemory()).as("memory left").isZero();
  }

  @Test
  void shouldAnswerNoHostileDatagram() {
    var hostile = new HostileDatagrams(random, messages, node.identity.mac1Key());
    long receivedBytes = friendAsPeer.receivedBytes();
    long dropsBefore = node.drops();
    long memoryBefore = node.memory.metric().usedDirectMemory();
    for (int done = 0; done < DATAGRAMS; done += PER_READ) {
      List<Datagram> datagrams = new ArrayList<>();
      for (int i = 0; i < PER_READ; i++) {
        datagrams.add(new Datagram(hostile.next(), hostile.source()));
      }
      node.nowNs += MILLISECOND_NS;
      node.receive(datagrams);
      assertThat(node.delivered()).as("packets for the host").isEmpty();
    }

    assertThat(node.sent).as("answers").isEmpty();
    assertThat(node.drops() - dropsBefore).as("each dropped for one reason").isEqualTo(DATAGRAMS);
    assertThat(friendAsPeer.endpoint()).as("where the friend is").isEqualTo(friend.endpoint);
    assertThat(friendAsPeer.receivedBytes()).isEqualTo(receivedBytes);
    assertThat(node.memory.metric().usedDirectMemory()).isLessThan(memoryBefore + 1_000_000);

    friend.host(ipv4(2, 1, 77));
    node.host(ipv4(1, 2, 78));
    exchange();
    assertThat(node.delivered()).as("through the session of before").hasSize(1);
    assertThat(friend.delivered()).hasSize(1);
  }

  @Test
  void shouldSendNothingToLowOrderKeys() {
    int number = 0;
    for (JsonElement key : VectorFile.object("x25519").getAsJsonArray("low_order_points_base64")) {
      String address = "10.0.1." + ++number;
      Peer peer =
          node.peer(
              PublicKey.fromBase64(key.getAsString()), endpoint("203.0.113.1"), address + "/32");
      node.shard.setKeepalive(peer, 1, node.nowNs);
      node.shard.configured(peer, node.nowNs);
      node.host(ipv4(1, 0x100 + number, 60));
    }
    assertThat(number).isEqualTo(7);

    node.advanceTo(node.nowNs + 300 * SECOND_NS);

    assertThat(node.sent.stream().map(Datagram::remote)).doesNotContain(endpoint("203.0.113.1"));
  }

  @Test
  void shouldSendToTheSamePeerWithAnyOtherKey() {
    Peer peer =
        node.peer(
            PublicKey.of(
                new byte[] {
                  9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                  0, 0, 0, 0, 0
                }),
            endpoint("203.0.113.1"),
            "10.0.1.1/32");
    node.shard.setKeepalive(peer, 1, node.nowNs);

    node.advanceTo(node.nowNs + SECOND_NS);

    assertThat(node.sent.stream().map(Datagram::remote)).contains(endpoint("203.0.113.1"));
  }

  /** Carries datagrams to and fro until nobody has any more to say. */
  private void exchange() {
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

  private static Endpoint endpoint(String address) {
    return Endpoint.of(IpText.parse(address), 51820, 0);
  }

  /** A packet between two hosts of 10.0.0.0/16. */
  private static byte[] ipv4(int from, int to, int length) {
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
}
