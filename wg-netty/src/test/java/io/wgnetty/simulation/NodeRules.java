package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * What must hold whenever a node sends a handshake message or uses a session. Judges by what is
 * seen on the wire, not by what the node believes about itself.
 */
final class NodeRules {
  private static final long REJECT_AFTER_NS = SECONDS.toNanos(180);
  private static final long REKEY_TIMEOUT_NS = SECONDS.toNanos(5);

  private static final class Usage {
    long bornNs;
    long nextCounter;
    boolean heard;
  }

  private final int node;
  private final Set<Long> sendingKeys;
  private final Map<Session, Usage> sessions = new WeakHashMap<>();
  private final Map<Integer, Long> responseTimes = new HashMap<>();
  private final Map<Peer, Set<Integer>> answered = new WeakHashMap<>();
  private final Map<Peer, Long> lastHandshakes = new WeakHashMap<>();

  /** {@code sendingKeys} is shared by all nodes: no two sessions ever send with the same key. */
  NodeRules(int node, Set<Long> sendingKeys) {
    this.node = node;
    this.sendingKeys = sendingKeys;
  }

  /** The node is about to seal a packet. */
  void sealing(Session session, long counter, int length, int paddedLength, int mtu, long nowNs) {
    Usage usage = usage(session, nowNs);
    if (usage.nextCounter == 0) {
      checkKey(session);
    }
    if (counter < usage.nextCounter) {
      fail("uses counter " + counter + " of " + session + " again");
    }
    usage.nextCounter = counter + 1;
    if (nowNs - usage.bornNs >= REJECT_AFTER_NS) {
      fail("sends with " + session + " after 180 s");
    }
    if (!session.isInitiator() && !usage.heard) {
      fail("sends with " + session + " before the initiator confirmed it");
    }
    int wanted = Math.min(mtu, (length + 15) / 16 * 16);
    if (paddedLength != wanted) {
      fail("pads " + length + " bytes to " + paddedLength + " instead of " + wanted);
    }
  }

  // The secret is not looked at: 64 bits of it tell keys apart.
  @SuppressWarnings("restricted") // reads where the session says that its key lies
  private void checkKey(Session session) {
    MemorySegment key = MemorySegment.ofAddress(session.sendKeyAddress()).reinterpret(32);
    long start = key.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    if (start == 0) {
      fail("sends with " + session + " whose key is wiped");
    }
    if (!sendingKeys.add(start)) {
      fail("sends with " + session + " whose key another session used");
    }
  }

  /** The node opened a packet that is authentic and no replay. */
  void opened(Session session, long nowNs) {
    Usage usage = usage(session, nowNs);
    usage.heard = true;
    if (nowNs - usage.bornNs >= REJECT_AFTER_NS) {
      fail("receives with " + session + " after 180 s");
    }
  }

  /**
   * A responder's session is born with the response; an initiator's with the packet that confirms
   * it, which leaves in the same moment.
   */
  private Usage usage(Session session, long nowNs) {
    Usage usage = sessions.get(session);
    if (usage == null) {
      usage = new Usage();
      usage.bornNs = nowNs;
      if (!session.isInitiator()) {
        Long response = responseTimes.remove(session.localIndex());
        if (response == null) {
          fail("uses " + session + " for which no response was sent");
        } else {
          usage.bornNs = response;
        }
      }
      sessions.put(session, usage);
    }
    return usage;
  }

  /** The node sends an initiation or a response. */
  void handshakeSent(byte[] message, Peer peer, long nowNs) {
    ByteBuffer fields = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    if (message[0] == Messages.RESPONSE) {
      responseTimes.put(fields.getInt(Messages.SENDER_OFFSET), nowNs);
      int initiation = fields.getInt(Messages.RESPONSE_RECEIVER_OFFSET);
      if (!answered.computeIfAbsent(peer, p -> new HashSet<>()).add(initiation)) {
        fail("answers one initiation twice");
      }
    } else {
      Long last = lastHandshakes.get(peer);
      if (last != null && nowNs - last < REKEY_TIMEOUT_NS) {
        fail("initiates to " + peer + " " + (nowNs - last) / 1e9 + " s after its last message");
      }
    }
    lastHandshakes.put(peer, nowNs);
  }

  /** A new private key, or the interface's way up, lets handshakes begin at once. */
  void spacingStartsAnew() {
    lastHandshakes.clear();
  }

  /** An attempt that was broken off may begin again at once. */
  void spacingStartsAnew(Peer peer) {
    lastHandshakes.remove(peer);
  }

  /**
   * A peer and its sessions go on as other objects, for which all holds that held for these.
   *
   * @param interrupted whether an attempt at a handshake was broken off by that
   */
  void moved(Peer from, Peer to, boolean interrupted) {
    moved(from.slots().current(), to.slots().current());
    moved(from.slots().previous(), to.slots().previous());
    moved(from.slots().next(), to.slots().next());
    Set<Integer> initiations = answered.remove(from);
    if (initiations != null) {
      answered.put(to, initiations);
    }
    Long last = lastHandshakes.remove(from);
    if (last != null && !interrupted) {
      lastHandshakes.put(to, last);
    }
  }

  private void moved(Session from, Session to) {
    if ((from == null) != (to == null)) {
      fail("loses or gains a session when its shard moves: " + from + ", " + to);
    }
    Usage usage = sessions.remove(from);
    if (usage != null) {
      sessions.put(to, usage);
    }
  }

  void fail(String what) {
    throw new Violation("node " + node + " " + what);
  }
}
