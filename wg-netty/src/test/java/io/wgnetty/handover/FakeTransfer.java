package io.wgnetty.handover;

import static java.util.Objects.requireNonNull;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.TestSession;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An interface with one peer and one session, without loops or sockets; says what is done to it.
 */
final class FakeTransfer implements DeviceTransfer, ShardOutput {
  private static final long NOW = 1_000_000_000_000L;

  final List<String> done = new CopyOnWriteArrayList<>();
  final PeerShard shard =
      new PeerShard(
          ShardPlace.ONLY,
          Timings.STANDARD,
          new PeerDirectory(),
          new SplittableRandom(1),
          () -> 0,
          AeadProviders.named("jdk").create(),
          this);
  private final ShardTransfer transfer = new ShardTransfer(shard);

  /** Happens in the middle of what this is the name of. */
  volatile String failsAt = "";

  /** Says nothing of what has become of peers, though it told of their sessions ahead. */
  volatile boolean leavesOutStates;

  static FakeTransfer withSession() {
    var fake = new FakeTransfer();
    fake.shard.adopt(fake.shard.create(TestSession.KEY));
    fake.shard.up(NOW);
    TestSession.addTo(fake.peer(), NOW);
    return fake;
  }

  Peer peer() {
    return fake(shard);
  }

  private static Peer fake(PeerShard shard) {
    return shard.peers().getFirst();
  }

  Session session() {
    return requireNonNull(peer().currentSession());
  }

  private void happens(String what) {
    done.add(what);
    if (failsAt.equals(what)) {
      throw new OutOfMemoryError("for a test");
    }
  }

  @Override
  public <T, E extends Exception> T exclusively(Exclusive<T, E> action) throws E {
    return action.call();
  }

  @Override
  public String name() {
    return "wg7";
  }

  @Override
  public List<Integer> descriptors() {
    return List.of(1);
  }

  @Override
  public void describe(StateWriter out) {
    out.int32(77);
  }

  @Override
  public boolean describePeers(StateWriter out) {
    out.bytes(peer().publicKey().toBytes());
    return false;
  }

  @Override
  public void suspend() {
    transfer.suspend();
    happens("suspend");
  }

  @Override
  public void saveAhead(int number, Parts parts) throws IOException {
    happens("tell ahead");
    try (StateWriter out = new StateWriter()) {
      out.int32(number);
      boolean unusedMore = transfer.saveAhead(out, PART_BYTES);
      parts.send(out);
    }
  }

  @Override
  public void save(int number, Parts parts) throws IOException {
    happens("save");
    try (StateWriter out = new StateWriter()) {
      out.int32(number);
      if (!leavesOutStates) {
        boolean unusedMore = transfer.save(out, PART_BYTES);
        parts.send(out);
      }
    }
  }

  @Override
  public void resume() {
    happens("resume");
    transfer.resume(NOW);
  }

  @Override
  public void beginAfresh() {
    happens("afresh");
    transfer.beginAfresh(NOW);
  }

  @Override
  public void leave() {
    happens("leave");
  }

  @Override
  public void inherit(StateReader in) {
    in.bytes(32);
    in.end();
    shard.adopt(shard.create(TestSession.KEY));
  }

  @Override
  public void warmUp() {}

  @Override
  public void restoreAhead(StateReader in) {
    happens("take in ahead");
    transfer.restoreAhead(in, NOW);
  }

  @Override
  public void awaitAhead() {}

  @Override
  public void awaitAll() {
    transfer.requireAll();
  }

  @Override
  public void restore(StateReader in) {
    happens("restore");
    transfer.restore(in, NOW);
  }

  @Override
  public void begin() {
    happens("begin");
    transfer.begin(NOW);
  }

  @Override
  public void sendStaged(Peer peer) {}

  @Override
  public void wakeAt(long deadlineNs) {}

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return true;
  }

  @Override
  public boolean submit(HandshakeJob job) {
    return true;
  }
}
