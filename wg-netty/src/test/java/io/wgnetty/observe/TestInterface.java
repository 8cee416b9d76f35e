package io.wgnetty.observe;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeCounts;
import io.wgnetty.counters.TrafficCounts;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.BatchCounts;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.DeviceCounters.PeerPopulation;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.HandedOver;
import io.wgnetty.device.HelpCounts;
import io.wgnetty.device.LoopCounters;
import io.wgnetty.device.LoopQueues;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.device.TunCounts;
import io.wgnetty.device.UdpCounts;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.HandshakeState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** An interface whose counters a test sets. Nothing of it can be changed from outside. */
final class TestInterface implements DeviceControl {
  /** What a peer has carried. */
  record Carried(long receivedBytes, long sentBytes) {}

  final Map<PublicKey, Carried> carried = new LinkedHashMap<>();
  final Map<PublicKey, List<IpPrefix>> allowedIps = new LinkedHashMap<>();
  final Map<PublicKey, String> labels = new LinkedHashMap<>();

  /** Every loop answers as long as there is one left. */
  final Semaphore answers = new Semaphore(Integer.MAX_VALUE / 2);

  private final List<LoopCounters> loops = new ArrayList<>();

  TestInterface(int loopCount) {
    for (int i = 0; i < loopCount; i++) {
      loops.add(loop(i, 0));
    }
  }

  /** A loop whose every number is another one, {@code factor} times what it is at first. */
  static LoopCounters loop(int number, long factor) {
    long f = factor;
    return new LoopCounters(
        number,
        new TrafficCounts(f, 100 * f, 2 * f, 200 * f, 3 * f, 4 * f),
        Map.of(DropReason.NOT_AUTHENTIC, 5 * f),
        new HandshakeCounts(6 * f, 7 * f, 8 * f, 9 * f, 10 * f, 11 * f, 12 * f, 13 * f, 14 * f, f),
        20 * f,
        factor > 0,
        new BatchCounts(3 * f, 7 * f, List.of(f, f, f)),
        new BatchCounts(0, 0, List.of(0L, 0L, 0L)),
        new BatchCounts(0, 0, List.of(0L, 0L, 0L)),
        new UdpCounts(f, f, f, f, f, f, 15 * f, 16 * f, f, f, f, f, f, 22 * f),
        new TunCounts(f, f, f, f, f, 17 * f, f),
        new LoopQueues((int) f, (int) f, (int) f, (int) f),
        new HandedOver(18 * f, 19 * f),
        new HelpCounts(23 * f, 24 * f),
        21_000_000 * f,
        1_500_000_000 * f);
  }

  void set(int loop, long factor) {
    loops.set(loop, loop(loop, factor));
  }

  @Override
  public DeviceCounters counters() {
    answers.acquireUninterruptibly();
    return new DeviceCounters(
        List.copyOf(loops),
        LoopCounters.none(loops.size()),
        20,
        4096,
        3,
        true,
        new PeerPopulation(23, 22, 21));
  }

  @Override
  public List<PeerTraffic> traffic() {
    List<PeerTraffic> all = new ArrayList<>();
    carried.forEach(
        (key, bytes) ->
            all.add(
                new PeerTraffic(
                    key,
                    bytes.receivedBytes(),
                    bytes.sentBytes(),
                    1_700_000_000_900_000_000L,
                    -1)));
    return all;
  }

  @Override
  public List<PeerDetails> details(List<PublicKey> keys) {
    return keys.stream().filter(carried::containsKey).map(this::details).toList();
  }

  private PeerDetails details(PublicKey key) {
    return new PeerDetails(
        key,
        label(key),
        PeerLimit.NONE,
        -1,
        false,
        null,
        0,
        allowedIps.getOrDefault(key, List.of()),
        0,
        -1,
        0,
        0,
        0,
        0,
        Map.of(),
        0,
        HandshakeState.NONE,
        0,
        null,
        0,
        0,
        List.of());
  }

  @Override
  public @Nullable String label(PublicKey key) {
    return labels.get(key);
  }

  @Override
  public DeviceSettings settings() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setPrivateKey(@Nullable PrivateKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setListenPort(int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setFwmark(int mark) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void bringUp() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void removeAllPeers() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void apply(List<PeerChange> changes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasPeer(PublicKey key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<PublicKey> peerKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<PeerSnapshot> snapshots(List<PublicKey> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setLabel(PublicKey key, @Nullable String label) {
    throw new UnsupportedOperationException();
  }
}
