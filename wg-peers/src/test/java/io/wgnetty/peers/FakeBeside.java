package io.wgnetty.peers;

import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.Callers;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerSessions;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.SleepingPeers;
import io.wgnetty.peer.UnknownCallers;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.relay.NodeRelay;
import io.wgnetty.relay.RelayKeys;
import io.wgnetty.setup.AnnouncedRoutes;
import io.wgnetty.setup.BesideChange;
import io.wgnetty.setup.FileClaims;
import io.wgnetty.setup.PeersBeside;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An interface that only remembers which peers it was given. */
final class FakeBeside implements PeersBeside, Callers, PeerSessions {
  final Map<PublicKey, PeerSettings> peers = new ConcurrentHashMap<>();
  final List<BesideChange> changes = new CopyOnWriteArrayList<>();
  final Map<PublicKey, Long> handshakes = new ConcurrentHashMap<>();

  /** Whose initiations were handed in again. */
  final List<PublicKey> again = new CopyOnWriteArrayList<>();

  /** What was sent late, by whom it is for. */
  final Map<PublicKey, List<byte[]>> sent = new ConcurrentHashMap<>();

  /** Who had a session in a run before. */
  volatile List<PublicKey> formerlyAlive = List.of();

  /** Whose sessions it was told to forget. */
  final List<PublicKey> left = new CopyOnWriteArrayList<>();

  volatile PeerSessions.Listener sessions = PeerSessions.Listener.NONE;
  volatile FileClaims file = FileClaims.NONE;
  volatile Runnable fileListener = () -> {};
  volatile Consumer<List<PublicKey>> changeListener = keys -> {};
  volatile UnknownCallers callers = UnknownCallers.NONE;
  volatile SleepingPeers sleepers = SleepingPeers.NONE;

  @Override
  public String interfaceName() {
    return "wg0";
  }

  @Override
  public DeviceControl device() {
    return device;
  }

  @Override
  public void onFileChange(Runnable listener) {
    fileListener = listener;
  }

  @Override
  public void onChange(Consumer<List<PublicKey>> listener) {
    changeListener = listener;
  }

  @Override
  public AnnouncedRoutes announce(int table) {
    throw new UnsupportedOperationException("there is no kernel");
  }

  @Override
  public FileClaims file() {
    return file;
  }

  @Override
  public void apply(List<BesideChange> all) {
    changes.addAll(all);
    for (BesideChange change : all) {
      PeerSettings after = change.after();
      if (after == null) {
        peers.remove(change.key());
      } else {
        peers.put(change.key(), after);
      }
    }
  }

  @Override
  public void listen(UnknownCallers listener, SleepingPeers asleep) {
    callers = listener;
    sleepers = asleep;
  }

  @Override
  public List<PublicKey> formerlyAlive() {
    return formerlyAlive;
  }

  @Override
  public void again(PublicKey key, InitiationMessage message, Endpoint source) {
    again.add(key);
  }

  @Override
  public void send(PublicKey key, List<byte[]> packets) {
    sent.put(key, packets);
  }

  @Override
  public void listen(PeerSessions.Listener listener) {
    sessions = listener;
  }

  @Override
  public void leave(List<PublicKey> keys) {
    left.addAll(keys);
  }

  @Override
  public NodeRelay relay(InetSocketAddress address, RelayKeys keys) {
    throw new UnsupportedOperationException("there is no network");
  }

  private final DeviceControl device =
      new DeviceControl() {
        @Override
        public PeerSessions sessions() {
          return FakeBeside.this;
        }

        @Override
        public Callers callers() {
          return FakeBeside.this;
        }

        @Override
        public boolean hasPeer(PublicKey key) {
          return peers.containsKey(key);
        }

        @Override
        public List<PeerTraffic> traffic() {
          return peers.keySet().stream()
              .map(key -> new PeerTraffic(key, 0, 0, handshakes.getOrDefault(key, 0L), -1))
              .toList();
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
        public void apply(List<PeerChange> all) {
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
        public List<PeerDetails> details(List<PublicKey> keys) {
          throw new UnsupportedOperationException();
        }

        @Override
        public DeviceCounters counters() {
          throw new UnsupportedOperationException();
        }

        @Override
        public void setLabel(PublicKey key, @Nullable String label) {
          throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable String label(PublicKey key) {
          return null;
        }
      };
}
