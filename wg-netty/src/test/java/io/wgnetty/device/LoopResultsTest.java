package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopResultsTest implements ShardOutput {
  private static final X25519 DH = X25519Providers.fastest();

  private final SplittableRandom random = new SplittableRandom(7);
  private final Aead aead = AeadProviders.fastest().create();
  private final HandshakeCrypto crypto = new HandshakeCrypto(DH, aead, random);
  private final PeerShard shard =
      new PeerShard(
          ShardPlace.ONLY, Timings.STANDARD, new PeerDirectory(), random, () -> 1, aead, this);
  private final ArrayDeque<HandshakeJob> jobs = new ArrayDeque<>();
  private final List<String> events = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final LoopResults results =
      new LoopResults(
          channel.eventLoop(),
          shard.handshakes(),
          () -> 1,
          () -> events.add("before"),
          () -> events.add("after"));

  LoopResultsTest() {
    shard.setIdentity(new LocalIdentity(PrivateKey.generate(random), DH));
    shard.up(0);
  }

  @AfterEach
  void close() {
    shard.close();
    aead.close();
  }

  /** An initiation that a worker has computed. */
  private HandshakeJob result() {
    Peer peer = shard.create(PrivateKey.generate(random).publicKey(DH));
    shard.adopt(peer);
    peer.setEndpoint(Endpoint.of(new byte[] {(byte) 192, 0, 2, 1}, 51820, 0));
    shard.transport().stage(peer, new byte[1], 0);
    HandshakeJob job = requireNonNull(jobs.poll());
    job.run(crypto);
    return job;
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return events.add("sent");
  }

  @Override
  public void sendStaged(Peer peer) {
    throw new AssertionError("nobody answers");
  }

  @Override
  public boolean submit(HandshakeJob job) {
    return jobs.add(job);
  }

  @Override
  public void wakeAt(long deadlineNs) {
    // no time passes
  }

  @Test
  void shouldBringManyWithOneWakeUp() {
    for (int i = 0; i < 3; i++) {
      results.add(result());
    }
    results.announce();
    results.announce();
    assertThat(events).as("nothing happens but on the loop's thread").isEmpty();
    channel.runPendingTasks();
    assertThat(events).containsExactly("before", "sent", "sent", "sent", "after");
    channel.runPendingTasks();
    assertThat(events).hasSize(5);
  }

  @Test
  void shouldLetOthersHaveATurnBetweenMany() {
    for (int i = 0; i < 100; i++) {
      results.add(result());
    }
    results.announce();
    channel.eventLoop().execute(() -> events.add("another"));
    channel.runPendingTasks();
    assertThat(events).filteredOn("sent"::equals).hasSize(100);
    assertThat(events.indexOf("another")).isLessThan(events.lastIndexOf("before"));
  }

  @Test
  void shouldTakeWhatComesAfterwards() {
    results.announce();
    channel.runPendingTasks();
    assertThat(events).as("there was nothing to announce").isEmpty();
    results.add(result());
    results.announce();
    channel.runPendingTasks();
    results.add(result());
    results.announce();
    channel.runPendingTasks();
    assertThat(events).filteredOn("sent"::equals).hasSize(2);
  }

  @Test
  void shouldForgetWhatNobodyTakes() {
    results.add(result());
    results.discard();
    results.announce();
    channel.runPendingTasks();
    assertThat(events).isEmpty();
  }
}
