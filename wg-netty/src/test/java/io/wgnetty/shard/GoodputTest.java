package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.MS;
import static io.wgnetty.shard.TestNetwork.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponseMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More calls than a node can answer: it answers as many as ever, and nobody starves. */
class GoodputTest {
  /** Steps that the worker does in a second; a handshake takes two. */
  private static final int STEPS_A_SECOND = 20;

  private static final int HANDSHAKES_A_SECOND = STEPS_A_SECOND / 2;
  private static final long LASTS_NS = 40 * SECOND;
  private static final long RETRY_NS = 5 * SECOND;
  private static final X25519 DH = X25519Providers.fastest();

  private final SplittableRandom random = new SplittableRandom(20_261_129);
  private final Aead aead = AeadProviders.fastest().create();
  private final HandshakeCrypto crypto = new HandshakeCrypto(DH, aead, random);
  private final LocalIdentity identity = new LocalIdentity(PrivateKey.generate(random), DH);
  private final RemoteIdentity node = new RemoteIdentity(identity.publicKey());
  private final HandshakeLanes lanes = new HandshakeLanes(1);
  private final PeerDirectory directory = new PeerDirectory();
  private final List<Client> clients = new ArrayList<>();
  private final PeerShard shard =
      new PeerShard(
          ShardPlace.ONLY, Timings.STANDARD, directory, random, () -> 0, aead, new Output());
  private long nowNs;

  /** Calls, and calls again, until it is answered. */
  private final class Client {
    private final LocalIdentity own = new LocalIdentity(PrivateKey.generate(random), DH);
    private final Endpoint source = Endpoint.ipv4(0x0a00_0000 + clients.size(), 51820);
    private final long bornNs = nowNs;
    private long calledNs;
    private int attempt;
    private long answeredNs;

    Client() {
      Peer peer = shard.create(own.publicKey());
      directory.add(peer);
      shard.adopt(peer);
    }

    void call() {
      attempt++;
      calledNs = nowNs + random.nextLong(333 * MS);
      byte[] stamp = Tai64n.whitened(SECOND + nowNs);
      int index = clients.indexOf(this) << 8 | attempt;
      InitiatorHandshake handshake =
          requireNonNull(InitiatorHandshake.create(crypto, own, node, stamp, index));
      var message = (InitiationMessage) requireNonNull(HandshakeMessage.parse(handshake.message()));
      handshake.wipe();
      shard.handshakes().received(message, source, nowNs, null);
    }
  }

  private final class Output implements ShardOutput {
    @Override
    public boolean sendHandshake(byte[] message, Endpoint destination) {
      var response = (ResponseMessage) requireNonNull(HandshakeMessage.parse(message));
      Client client = clients.get(response.receiverIndex() >>> 8);
      // Only the answer to the last call is of use to the caller.
      if ((response.receiverIndex() & 0xff) == client.attempt && client.answeredNs == 0) {
        client.answeredNs = nowNs;
      }
      return true;
    }

    @Override
    public boolean submit(HandshakeJob job) {
      return lanes.offer(job);
    }

    @Override
    public void sendStaged(Peer peer) {}

    @Override
    public void wakeAt(long deadlineNs) {}
  }

  @AfterEach
  void close() {
    shard.close();
    aead.close();
    identity.privateKey().wipe();
    clients.forEach(client -> client.own.privateKey().wipe());
  }

  /** Returns how many handshakes are completed a second, of so many times what the node can do. */
  private double completed(int factor) {
    shard.setIdentity(identity);
    shard.up(0);
    long stepNs = SECOND / STEPS_A_SECOND;
    int turn = 1;
    for (nowNs = 0; nowNs < LASTS_NS; nowNs += stepNs) {
      // Half as many clients as steps are what the node can do.
      int wanted = (int) ((nowNs / stepNs + 2) * factor / 2);
      while (clients.size() < wanted) {
        Client client = new Client();
        clients.add(client);
        client.call();
      }
      for (Client client : clients) {
        if (client.answeredNs == 0 && nowNs - client.calledNs >= RETRY_NS) {
          client.call();
        }
      }
      work(turn++);
    }
    return clients.stream().filter(client -> client.answeredNs > 0).count()
        / ((double) LASTS_NS / SECOND);
  }

  /** What one worker does in the time of a step; to drop what is stale costs it nothing. */
  private void work(int turn) {
    HandshakeJob job = lanes.poll(turn);
    while (job != null && job.isStale(nowNs)) {
      shard.handshakes().complete(job, nowNs);
      job = lanes.poll(turn);
    }
    if (job != null) {
      job.run(crypto);
      shard.handshakes().complete(job, nowNs);
    }
  }

  @Test
  void shouldAnswerEverybodyWhenItCan() {
    assertThat(completed(1)).isGreaterThan(0.95 * HANDSHAKES_A_SECOND);
  }

  @Test
  void shouldAnswerAsManyAsEverWhenTwiceAsManyCall() {
    assertThat(completed(2)).isGreaterThan(0.9 * HANDSHAKES_A_SECOND);
  }

  @Test
  void shouldAnswerAsManyAsEverWhenTenTimesAsManyCallAndStarveNobody() {
    assertThat(completed(10)).isGreaterThan(0.9 * HANDSHAKES_A_SECOND);
    for (long fromNs = 0; fromNs < LASTS_NS - 20 * SECOND; fromNs += 5 * SECOND) {
      long from = fromNs;
      assertThat(clients)
          .as("some of those that came after %d s", fromNs / SECOND)
          .anyMatch(
              client ->
                  client.bornNs >= from
                      && client.bornNs < from + 5 * SECOND
                      && client.answeredNs > 0);
    }
  }
}
