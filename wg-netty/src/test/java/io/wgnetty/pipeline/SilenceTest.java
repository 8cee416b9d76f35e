package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
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
  private static final Endpoint ELSEWHERE = EmbeddedPair.endpoint("203.0.113.1");

  private final Random random = seeded();
  private final EmbeddedPair pair = new EmbeddedPair(random);
  private final EmbeddedNode node = pair.node;
  private final EmbeddedNode friend = pair.friend;

  private static Random seeded() {
    long seed = Long.getLong("wgnetty.seed", System.nanoTime());
    System.out.println("SilenceTest: -Dwgnetty.seed=" + seed);
    return new Random(seed);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void shouldAnswerNoHostileDatagram() {
    var hostile = new HostileDatagrams(random, pair.messages, node.identity.mac1Key());
    long receivedBytes = pair.friendAsPeer.receivedBytes();
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
    assertThat(pair.friendAsPeer.endpoint()).as("where the friend is").isEqualTo(friend.endpoint);
    assertThat(pair.friendAsPeer.receivedBytes()).isEqualTo(receivedBytes);
    assertThat(node.memory.metric().usedDirectMemory()).isLessThan(memoryBefore + 1_000_000);

    friend.host(EmbeddedPair.packet(2, 1, 77));
    node.host(EmbeddedPair.packet(1, 2, 78));
    pair.exchange();
    assertThat(node.delivered()).as("through the session of before").hasSize(1);
    assertThat(friend.delivered()).hasSize(1);
  }

  @Test
  void shouldSendNothingToLowOrderKeys() {
    int number = 0;
    for (JsonElement key : VectorFile.object("x25519").getAsJsonArray("low_order_points_base64")) {
      number++;
      keepAlive(PublicKey.fromBase64(key.getAsString()), "10.0.1." + number + "/32");
      node.host(EmbeddedPair.packet(1, 0x100 + number, 60));
    }
    assertThat(number).isEqualTo(7);

    node.advanceTo(node.nowNs + 300 * SECOND_NS);

    assertThat(node.sent.stream().map(Datagram::remote)).doesNotContain(ELSEWHERE);
  }

  @Test
  void shouldSendToTheSamePlaceWithAnyOtherKey() {
    byte[] key = new byte[32];
    key[0] = 9;
    keepAlive(PublicKey.of(key), "10.0.1.1/32");

    node.advanceTo(node.nowNs + SECOND_NS);

    assertThat(node.sent.stream().map(Datagram::remote)).contains(ELSEWHERE);
  }

  private void keepAlive(PublicKey key, String prefix) {
    Peer peer = node.peer(key, ELSEWHERE, prefix);
    node.shard.setKeepalive(peer, 1, node.nowNs);
    node.shard.configured(peer, node.nowNs);
  }
}
