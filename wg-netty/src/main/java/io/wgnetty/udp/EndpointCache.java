package io.wgnetty.udp;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that datagrams came from lately, so that the next datagram from there needs no new
 * object. Direct-mapped: two that fall on the same place push each other out, which costs an object
 * and nothing else.
 */
final class EndpointCache {
  private static final int SLOTS = 1024;

  private final boolean ipv6;
  private final @Nullable Endpoint[] slots = new @Nullable Endpoint[SLOTS];

  /** The address of ours that was met last: a host has few, and most peers come to the same. */
  private @Nullable LocalAddress lastLocal;

  EndpointCache(boolean ipv6) {
    this.ipv6 = ipv6;
  }

  /** The endpoint of a datagram whose socket address lies at {@code nameOffset}. */
  Endpoint find(MemorySegment memory, long nameOffset, ControlReader control) {
    int port = SocketAddresses.port(memory, nameOffset);
    long high = ipv6 ? SocketAddresses.high(memory, nameOffset) : 0;
    long low =
        ipv6 ? SocketAddresses.low(memory, nameOffset) : SocketAddresses.ipv4(memory, nameOffset);
    int scopeId = ipv6 ? SocketAddresses.scopeId(memory, nameOffset) : 0;
    int slot = slot(high, low, port);
    Endpoint known = slots[slot];
    if (known != null && known.isAt(high, low, port, scopeId) && isSame(known.local(), control)) {
      return known;
    }
    Endpoint remote =
        ipv6 ? Endpoint.ipv6(high, low, port, scopeId) : Endpoint.ipv4((int) low, port);
    Endpoint fresh = control.hasLocal() ? remote.withLocal(local(control)) : remote;
    slots[slot] = fresh;
    return fresh;
  }

  private static boolean isSame(@Nullable LocalAddress local, ControlReader control) {
    if (local == null) {
      return !control.hasLocal();
    }
    return control.hasLocal()
        && local.low() == control.localLow()
        && local.high() == control.localHigh()
        && local.interfaceIndex() == interfaceIndex(control);
  }

  private LocalAddress local(ControlReader control) {
    LocalAddress known = lastLocal;
    if (known == null || !isSame(known, control)) {
      known = new LocalAddress(control.localHigh(), control.localLow(), interfaceIndex(control));
      lastLocal = known;
    }
    return known;
  }

  /** Of meaning for link-local addresses only: others may be answered over any route. */
  private static int interfaceIndex(ControlReader control) {
    return LocalAddress.isLinkLocal(control.localHigh()) ? control.interfaceIndex() : 0;
  }

  private static int slot(long high, long low, int port) {
    long hash = (high * 31 + low) * 31 + port;
    hash *= 0x9E37_79B9_7F4A_7C15L;
    return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(SLOTS)));
  }
}
