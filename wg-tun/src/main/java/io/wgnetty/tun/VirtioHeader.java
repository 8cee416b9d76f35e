package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * The {@code virtio_net_hdr} that precedes every packet of an interface opened with IFF_VNET_HDR
 * (protocol 8.1): flags (1), gso_type (1), hdr_len (2), gso_size (2), csum_start (2), csum_offset
 * (2). All zeros stand for one ordinary packet with complete checksums.
 */
final class VirtioHeader {
  static final int BYTES = 10;

  private VirtioHeader() {}

  /** Writes the header of an ordinary packet at {@code offset}. */
  static void clear(ByteBuffer bytes, int offset) {
    bytes.putLong(offset, 0);
    bytes.putShort(offset + Long.BYTES, (short) 0);
  }
}
