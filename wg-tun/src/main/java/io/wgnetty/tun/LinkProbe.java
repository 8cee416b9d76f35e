package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;

/**
 * Finds out whether an interface is up when nobody tells: writes a packet of one byte that claims
 * to be IPv4. The driver refuses it with EIO while the interface is down; up, it takes it and the
 * kernel drops it as truncated. (An empty or short write says nothing, protocol 8.1.)
 */
final class LinkProbe {
  private static final byte IPV4_VERSION_AND_LENGTH = 0x45;

  private final TunDevice device;
  private final ByteBuffer packet;

  LinkProbe(TunDevice device) {
    this.device = device;
    int headerBytes = device.hasVirtioHeader() ? VirtioHeader.BYTES : 0;
    packet = ByteBuffer.allocateDirect(headerBytes + 1).put(headerBytes, IPV4_VERSION_AND_LENGTH);
  }

  boolean isUp() {
    try {
      return device.writeOne(packet) == packet.limit();
    } catch (LastErrorException e) {
      return e.getErrorCode() == Errno.EAGAIN; // a full queue is one that somebody empties
    }
  }
}
