package io.wgnetty.bench;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints how much heap a peer takes that was never heard, and one that lives: it has called twice,
 * so that it has two sessions, and sent a packet in each. Then all of them renew their sessions,
 * and at last go to another shard, as in an upgrade.
 *
 * <pre>  java -Xmx8g ... io.wgnetty.bench.PeerMemory [PEERS]</pre>
 *
 * <p>Handshakes are the real ones but for the curve, which is another operation that both sides can
 * do: a million of them would take minutes of multiplications.
 */
public final class PeerMemory {
  private static final int DEFAULT_PEERS = 100_000;
  private static final int REKEY_ROUNDS = 4;
  private static final int MOVES = 5;
  private static final int PART_BYTES = 256 << 10;
  private static final long REKEY_NS = TimeUnit.SECONDS.toNanos(120);
  private static final LocalAddress OURS = new LocalAddress(0, 0xc000_0201L, 2);

  private final SplittableRandom random = new SplittableRandom(1);
  private final Aead aead = AeadProviders.fastest().create();
  private final HandshakeCrypto crypto = new HandshakeCrypto(new Mixed(), aead, random);
  private final LocalIdentity node =
      new LocalIdentity(PrivateKey.generate(random), crypto.x25519());
  private final RemoteIdentity nodeSeen = new RemoteIdentity(node.publicKey());
  private final PeerDirectory directory = new PeerDirectory();
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final Answers answers = new Answers();
  private final PeerShard shard =
      new PeerShard(ShardPlace.ONLY, Timings.STANDARD, directory, random, () -> 1, aead, answers);

  private long nowNs;

  private PeerMemory() {}

  /** {@code args}: how many peers. */
  public static void main(String[] args) {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_PEERS;
    new PeerMemory().measure(count);
  }

  private void measure(int count) {
    shard.setIdentity(node);
    shard.up(0);
    LocalIdentity[] clients = new LocalIdentity[count];
    for (int i = 0; i < count; i++) {
      clients[i] = new LocalIdentity(PrivateKey.generate(random), crypto.x25519());
    }
    connect(clients[0], -1, 0); // so that everything is loaded, and fails because nobody knows it

    long empty = heapBytes();
    for (int i = 0; i < count; i++) {
      // A key of its own, as configuration makes one.
      Peer peer = shard.create(PublicKey.of(clients[i].publicKey().toBytes()));
      directory.add(peer);
      shard.adopt(peer);
      allowedIps.insert(prefix(i), peer);
    }
    long idle = heapBytes();
    print("idle", count, idle - empty);

    for (int i = 0; i < count; i++) {
      connect(clients[i], i, 0);
    }
    print("live, one session", count, heapBytes() - empty);

    for (int i = 0; i < count; i++) {
      connect(clients[i], i, REKEY_NS);
    }
    print("live, two sessions", count, heapBytes() - empty);
    System.out.printf("and %d bytes of keys outside of the heap%n", 4 * 32);
    if (shard.state().keySlab().inUse() != 4 * count) {
      throw new IllegalStateException("not every peer has two sessions");
    }
    rekey(clients);
    for (int round = 1; round <= MOVES; round++) {
      move(count, round);
    }
    aead.close();
  }

  /** What the collector does while everybody renews, as fast as one thread can. */
  private void rekey(LocalIdentity[] clients) {
    long countBefore = collections(false);
    long millisBefore = collections(true);
    long beginNs = System.nanoTime();
    for (int round = 2; round < 2 + REKEY_ROUNDS; round++) {
      for (int i = 0; i < clients.length; i++) {
        connect(clients[i], i, round * REKEY_NS);
      }
    }
    System.out.printf(
        "%d rekeyings in %.1f s, %d collections of %d ms in all%n",
        REKEY_ROUNDS * clients.length,
        (System.nanoTime() - beginNs) / 1e9,
        collections(false) - countBefore,
        collections(true) - millisBefore);
  }

  /**
   * How long all peers take to go to another shard, as to another process: nothing is sent
   * meanwhile.
   */
  private void move(int count, int round) {
    var other =
        new PeerShard(
            ShardPlace.ONLY, Timings.STANDARD, new PeerDirectory(), random, () -> 1, aead, answers);
    shard.peers().forEach(peer -> other.adopt(other.create(peer.publicKey())));
    ShardTransfer from = new ShardTransfer(shard);
    ShardTransfer to = new ShardTransfer(other);
    long bytes = 0;
    try (StateWriter out = new StateWriter()) {
      boolean more = true;
      while (more) {
        more = from.saveAhead(out, PART_BYTES);
        to.restoreAhead(new StateReader(out.written()), nowNs);
        out.clear();
      }
    }
    long beginNs = System.nanoTime();
    from.suspend();
    try (StateWriter out = new StateWriter()) {
      boolean more = true;
      while (more) {
        more = from.save(out, PART_BYTES);
        bytes += out.size();
        to.restore(new StateReader(out.written()), nowNs);
        out.clear();
      }
    }
    to.begin(nowNs);
    double ms = (System.nanoTime() - beginNs) / 1e6;
    System.out.printf(
        "moved %d peers, round %d: %.1f ms, %d bytes a peer%n", count, round, ms, bytes / count);
    other.close();
    from.resume(nowNs);
  }

  private static long collections(boolean millis) {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(bean -> millis ? bean.getCollectionTime() : bean.getCollectionCount())
        .sum();
  }

  /** A client calls, and confirms the session with a packet. */
  private void connect(LocalIdentity client, int number, long nowNs) {
    InitiatorHandshake call =
        Objects.requireNonNull(
            InitiatorHandshake.create(
                crypto, client, nodeSeen, Tai64n.whitened(1_000_000_000 + nowNs), number));
    Endpoint source = Endpoint.ipv4(0x0a00_0000 + number, 51820).withLocal(OURS);
    this.nowNs = nowNs;
    answers.last = null;
    shard.handshakes().received((InitiationMessage) parsed(call.message()), source, nowNs, null);
    byte[] answer = answers.last;
    if (answer == null) {
      return;
    }
    ResponseMessage response = (ResponseMessage) parsed(answer);
    TransportKeys keys =
        Objects.requireNonNull(call.consume(crypto, response, PresharedKey.none()));
    Session session = Objects.requireNonNull(shard.session(keys.remoteIndex()));
    session.replayWindow().accept(0);
    shard.transport().received(session, source, 100, nowNs);
    nodeSeen.wipe();
  }

  private static HandshakeMessage parsed(byte[] message) {
    return Objects.requireNonNull(HandshakeMessage.parse(message));
  }

  private static IpPrefix prefix(int number) {
    int address = 0x6440_0000 + number;
    byte[] bytes = {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    };
    return IpPrefix.of(bytes, 32);
  }

  private static void print(String what, int count, long bytes) {
    System.out.printf("%-20s %5d bytes of heap a peer, of %d%n", what, bytes / count, count);
  }

  private static long heapBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    System.gc();
    System.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  /** Does the work of handshakes at once, and keeps the last message. */
  private final class Answers implements ShardOutput {
    private byte @Nullable [] last;

    @Override
    public boolean sendHandshake(byte[] message, Endpoint destination) {
      last = message;
      return true;
    }

    @Override
    public void sendStaged(Peer peer) {}

    @Override
    public boolean submit(HandshakeJob job) {
      job.run(crypto);
      shard.handshakes().complete(job, nowNs);
      return true;
    }

    @Override
    public void wakeAt(long deadlineNs) {}
  }

  /** In place of the curve: every key is its own public half, and two make their difference. */
  private static final class Mixed implements X25519 {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
      for (int i = 0; i < KEY_BYTES; i++) {
        sharedSecret[i] = (byte) (privateKey[i] ^ publicKey[i]);
      }
      return true;
    }

    @Override
    public void publicKey(byte[] privateKey, byte[] publicKey) {
      System.arraycopy(privateKey, 0, publicKey, 0, KEY_BYTES);
    }
  }
}
