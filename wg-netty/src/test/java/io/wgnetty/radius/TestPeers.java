package io.wgnetty.radius;

import static java.util.Objects.requireNonNull;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Peers whose counters a test sets. */
final class TestPeers implements SessionTable.Peers {
  static final Endpoint PLACE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 7}, 51820, 0);

  /** What a peer is at present. */
  record State(long heardAgoNs, Traffic traffic, @Nullable String label, List<IpPrefix> prefixes) {}

  final Map<PublicKey, State> all = new LinkedHashMap<>();

  static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    bytes[31] = 1;
    return PublicKey.of(bytes);
  }

  void set(int number, long heardAgoNs, long received, long sent) {
    State before = all.get(key(number));
    all.put(
        key(number),
        new State(
            heardAgoNs,
            new Traffic(received, sent, received / 1000, sent / 1000),
            before == null ? null : before.label(),
            before == null ? List.of() : before.prefixes()));
  }

  void name(int number, String label, String... prefixes) {
    State before = all.getOrDefault(key(number), new State(-1, Traffic.NONE, null, List.of()));
    all.put(
        key(number),
        new State(
            before.heardAgoNs(),
            before.traffic(),
            label,
            List.of(prefixes).stream().map(IpPrefix::parse).toList()));
  }

  @Override
  public List<PeerTraffic> traffic() {
    return all.entrySet().stream()
        .map(
            each ->
                new PeerTraffic(
                    each.getKey(),
                    each.getValue().traffic().receivedBytes(),
                    each.getValue().traffic().sentBytes(),
                    0,
                    each.getValue().heardAgoNs()))
        .toList();
  }

  @Override
  public List<PeerDetails> details(Collection<PublicKey> keys) {
    return keys.stream().filter(all::containsKey).map(this::details).toList();
  }

  private PeerDetails details(PublicKey key) {
    State state = requireNonNull(all.get(key));
    Traffic traffic = state.traffic();
    return new PeerDetails(
        key,
        state.label(),
        PeerLimit.NONE,
        -1,
        false,
        PLACE,
        0,
        state.prefixes(),
        0,
        state.heardAgoNs(),
        traffic.receivedBytes(),
        traffic.sentBytes(),
        traffic.receivedPackets(),
        traffic.sentPackets(),
        Map.of(),
        0,
        HandshakeState.NONE,
        0,
        null,
        0,
        0,
        List.of());
  }
}
