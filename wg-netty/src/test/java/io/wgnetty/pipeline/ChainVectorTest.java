package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.peer.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published exchange, byte for byte through both chains, and the fate of bad messages. */
class ChainVectorTest {
  private static final JsonObject VECTOR = VectorFile.object("handshake");
  private static final JsonObject INPUTS = VECTOR.getAsJsonObject("inputs");
  private static final byte[] INITIATION =
      VectorFile.hex(VECTOR.getAsJsonObject("initiation"), "message");
  private static final byte[] RESPONSE =
      VectorFile.hex(VECTOR.getAsJsonObject("response"), "message");
  private static final List<JsonObject> TO_RESPONDER =
      VectorFile.objects(VECTOR, "transport_initiator_to_responder");
  private static final List<JsonObject> TO_INITIATOR =
      VectorFile.objects(VECTOR, "transport_responder_to_initiator");

  private final ChainNode initiator = node(1, "initiator");
  private final ChainNode responder = node(2, "responder");
  private final Peer toResponder = meet(initiator, responder);
  private final Peer toInitiator = meet(responder, initiator);

  /** Draws one index and one ephemeral key. */
  private static final class Prepared implements RandomGenerator {
    private final int index;
    private final byte[] ephemeral;

    Prepared(int index, byte[] ephemeral) {
      this.index = index;
      this.ephemeral = ephemeral;
    }

    @Override
    public long nextLong() {
      return 1;
    }

    @Override
    public int nextInt() {
      return index;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(ephemeral, 0, bytes, 0, bytes.length);
    }
  }

  private static ChainNode node(int number, String role) {
    Prepared random =
        new Prepared(
            INPUTS.get(role + "_index").getAsBigInteger().intValue(),
            VectorFile.hex(INPUTS, role + "_ephemeral_private"));
    long epochNs =
        INPUTS.get("unix_seconds").getAsLong() * 1_000_000_000L
            + INPUTS.get("nanoseconds_raw").getAsLong();
    PrivateKey key = PrivateKey.fromHex(VectorFile.text(INPUTS, role + "_static_private"));
    return new ChainNode(ChainNode.place(number), key, random, random, epochNs);
  }

  private static Peer meet(ChainNode node, ChainNode other) {
    Peer peer = node.meet(other, "0.0.0.0/0", "::/0");
    peer.setPresharedKey(PresharedKey.fromHex(VectorFile.text(INPUTS, "preshared_key")));
    return peer;
  }

  private static byte[] message(JsonObject transport) {
    return VectorFile.hex(transport, "message");
  }

  private static byte[] inner(JsonObject transport) {
    return VectorFile.hex(transport, "inner");
  }

  private void initiate() {
    initiator.shard().setKeepalive(toResponder, 25, 0);
    initiator.work();
  }

  private void answer() {
    responder.receive(initiator.place(), INITIATION);
    responder.work();
  }

  @AfterEach
  void shouldGiveEveryBatchBack() {
    initiator.close();
    responder.close();
  }

  @Test
  void shouldPlayTheInitiator() {
    initiate();
    assertThat(ChainTest.fetch(initiator)).containsExactly(INITIATION);
    initiator.receive(responder.place(), RESPONSE);
    initiator.work();
    assertThat(ChainTest.fetch(initiator))
        .as("the keepalive that confirms")
        .containsExactly(message(TO_RESPONDER.get(0)));
    for (JsonObject transport : TO_RESPONDER.subList(1, 3)) {
      initiator.send(inner(transport));
      assertThat(ChainTest.fetch(initiator)).containsExactly(message(transport));
    }
    initiator.receive(responder.place(), message(TO_INITIATOR.get(0)));
    assertThat(initiator.delivered()).containsExactly(inner(TO_INITIATOR.get(0)));
  }

  @Test
  void shouldPlayTheResponder() {
    answer();
    assertThat(ChainTest.fetch(responder)).containsExactly(RESPONSE);
    responder.send(inner(TO_INITIATOR.get(0)));
    assertThat(responder.sent()).as("not confirmed yet").isEmpty();
    responder.receive(initiator.place(), message(TO_RESPONDER.get(0)));
    assertThat(responder.delivered()).isEmpty();
    assertThat(ChainTest.fetch(responder))
        .as("what waited for the confirmation")
        .containsExactly(message(TO_INITIATOR.get(0)));
    responder.receive(initiator.place(), message(TO_RESPONDER.get(1)));
    assertThat(responder.delivered()).containsExactly(inner(TO_RESPONDER.get(1)));
    assertThat(toInitiator.receivedBytes()).isEqualTo(148 + 32 + 128);
    assertThat(toInitiator.sentBytes()).isEqualTo(92 + 128);
    responder.receive(initiator.place(), message(TO_RESPONDER.get(2)));
    assertThat(responder.delivered()).containsExactly(inner(TO_RESPONDER.get(2)));
    long before = toInitiator.receivedBytes();
    responder.receive(initiator.place(), message(TO_RESPONDER.get(3)));
    assertThat(toInitiator.receivedBytes())
        .as("the highest acceptable counter, a keepalive")
        .isEqualTo(before + 32);
    responder.receive(initiator.place(), message(TO_RESPONDER.get(2)));
    assertThat(responder.drops(DropReason.REPLAYED)).isEqualTo(1);
  }

  /** Where each bad message ends; no reason means that it is good. */
  private static final Map<String, DropReason> FATES =
      Map.ofEntries(
          Map.entry("drop at mac1 check", DropReason.BAD_MAC1),
          Map.entry("drop: type word is not 1", DropReason.MALFORMED_MESSAGE),
          Map.entry("drop at length check", DropReason.MALFORMED_MESSAGE),
          Map.entry("drop: encrypted_static fails", DropReason.HANDSHAKE_INVALID),
          Map.entry("drop: encrypted_timestamp fails", DropReason.HANDSHAKE_INVALID),
          Map.entry("drop: DH result all zero", DropReason.HANDSHAKE_INVALID),
          Map.entry("drop: no handshake for index", DropReason.HANDSHAKE_UNEXPECTED),
          Map.entry("drop: AEAD fails, handshake state unchanged", DropReason.HANDSHAKE_INVALID),
          Map.entry("drop: shorter than 32", DropReason.MALFORMED_MESSAGE),
          Map.entry("drop: no keypair", DropReason.UNKNOWN_INDEX),
          Map.entry("drop: AEAD fails, replay window untouched", DropReason.NOT_AUTHENTIC),
          Map.entry("drop: AEAD fails (counter is the nonce)", DropReason.NOT_AUTHENTIC));

  static List<JsonObject> negatives() {
    List<JsonObject> vectors = VectorFile.array("negative");
    assertThat(vectors).hasSize(19);
    return vectors;
  }

  @ParameterizedTest
  @MethodSource("negatives")
  void shouldTreatEachMessageAsItDeserves(JsonObject vector) {
    String name = VectorFile.text(vector, "name");
    String expect = VectorFile.text(vector, "expect");
    byte[] message = VectorFile.hex(vector, "message");
    if (name.startsWith("response")) {
      initiate();
      ChainTest.fetch(initiator);
      assertDropped(initiator, responder, message, expect);
      initiator.receive(responder.place(), RESPONSE);
      initiator.work();
      assertThat(toResponder.currentSession()).as("the attempt goes on").isNotNull();
    } else if (name.startsWith("transport")) {
      answer();
      ChainTest.fetch(responder);
      assertDropped(responder, initiator, message, expect);
      responder.receive(initiator.place(), message(TO_RESPONDER.get(1)));
      assertThat(responder.delivered())
          .as("neither window nor session took harm")
          .containsExactly(inner(TO_RESPONDER.get(1)));
    } else if (expect.startsWith("ACCEPT")) {
      responder.receive(initiator.place(), message);
      responder.work();
      byte[] response = ChainTest.fetch(responder).getFirst();
      assertThat(Arrays.copyOfRange(response, 8, 12)).isEqualTo(Arrays.copyOfRange(message, 4, 8));
      assertThat(totalDrops(responder)).isZero();
    } else {
      assertDropped(responder, initiator, message, expect);
      answer();
      assertThat(ChainTest.fetch(responder)).as("no state was left").containsExactly(RESPONSE);
    }
  }

  private static void assertDropped(
      ChainNode node, ChainNode sender, byte[] message, String expect) {
    DropReason reason = requireNonNull(FATES.get(expect), expect);
    node.receive(sender.place(), message);
    node.work();
    assertThat(node.drops(reason)).as(expect).isEqualTo(1);
    assertThat(totalDrops(node)).isEqualTo(1);
    assertThat(node.sent()).as("silence").isEmpty();
    assertThat(node.delivered()).isEmpty();
  }

  private static long totalDrops(ChainNode node) {
    return Arrays.stream(DropReason.values()).mapToLong(node::drops).sum();
  }
}
