package io.wgnetty.storm;

import io.wgnetty.crypto.Aead;
import io.wgnetty.inner.InternetChecksum;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;

/**
 * Transport messages. Mostly empty ones: the load is handshakes, and a server has to open these,
 * too.
 */
final class DataMessage {
  private static final byte[] NOTHING = new byte[0];

  private static final int IPV4_BYTES = 20;
  private static final int IPV4_CHECKSUM_OFFSET = 10;
  private static final int ICMP_BYTES = 8;
  private static final int ICMP_CHECKSUM_OFFSET = IPV4_BYTES + 2;

  /** Whole blocks of 16 bytes, as every WireGuard pads. */
  private static final int PADDED_ECHO_BYTES = 32;

  private static final byte VERSION_AND_WORDS = 0x45;
  private static final byte TIME_TO_LIVE = 64;
  private static final byte ICMP = 1;
  private static final byte ECHO_REQUEST = 8;

  private DataMessage() {}

  static byte[] keepalive(Aead aead, SessionKeys keys, long counter) {
    return sealed(aead, keys, counter, NOTHING);
  }

  /** An ICMP echo request, which has the server's host say something, too. */
  static byte[] echo(Aead aead, SessionKeys keys, long counter, int from, int to) {
    ByteBuffer packet = ByteBuffer.allocate(PADDED_ECHO_BYTES);
    packet.put(VERSION_AND_WORDS).put((byte) 0).putShort((short) (IPV4_BYTES + ICMP_BYTES));
    packet.putInt(0).put(TIME_TO_LIVE).put(ICMP).putShort((short) 0).putInt(from).putInt(to);
    packet.put(ECHO_REQUEST);
    packet.putShort(IPV4_CHECKSUM_OFFSET, InternetChecksum.of(packet, 0, IPV4_BYTES, 0));
    packet.putShort(ICMP_CHECKSUM_OFFSET, InternetChecksum.of(packet, IPV4_BYTES, ICMP_BYTES, 0));
    return sealed(aead, keys, counter, packet.array());
  }

  private static byte[] sealed(Aead aead, SessionKeys keys, long counter, byte[] payload) {
    byte[] message = new byte[Messages.MIN_TRANSPORT_BYTES + payload.length];
    message[Messages.TYPE_OFFSET] = Messages.TRANSPORT;
    Words.put(message, Messages.TRANSPORT_RECEIVER_OFFSET, keys.remoteIndex());
    Words.putLong(message, Messages.TRANSPORT_COUNTER_OFFSET, counter);
    aead.seal(keys.sendKey(), counter, NOTHING, payload, message, Messages.TRANSPORT_HEADER_BYTES);
    return message;
  }

  /** Whether data from the server is of this session, and genuine. */
  static boolean isOf(Aead aead, SessionKeys keys, byte[] message) {
    int sealedBytes = message.length - Messages.TRANSPORT_HEADER_BYTES;
    return Words.get(message, Messages.TRANSPORT_RECEIVER_OFFSET) == keys.localIndex()
        && aead.open(
            keys.receiveKey(),
            Words.getLong(message, Messages.TRANSPORT_COUNTER_OFFSET),
            NOTHING,
            message,
            Messages.TRANSPORT_HEADER_BYTES,
            sealedBytes,
            new byte[sealedBytes - Aead.TAG_BYTES],
            0);
  }
}
