package io.wgnetty.relay;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.MacKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A datagram on its way from the node that it reached to the one that has its session, with its
 * outer addresses:
 *
 * <pre>
 *   0  'W' 'R', version 1, 4 or 6
 *   4  the node that hands it on, the node that is to have it, traffic class, 0
 *   8  source: address (16 bytes, of IPv4 the last 4), port (2)
 *  26  the address that it was sent to (16 bytes, likewise), 2 bytes 0
 *  44  the datagram
 *      MAC (16): keyed BLAKE2s over all of it
 * </pre>
 *
 * @param offset where the datagram begins in the message
 * @param length of the datagram
 */
public record RelayMessage(
    int from, int to, Endpoint source, int trafficClass, int offset, int length) {
  static final int HEADER_BYTES = 44;
  static final int OVERHEAD_BYTES = HEADER_BYTES + Blake2s.MAC_BYTES;

  private static final int MAGIC = 0x5752_0100;
  private static final int IPV4 = 4;
  private static final int IPV6 = 6;
  private static final int LOCAL = 26;

  /** What another node needs to know to answer the sender itself. */
  static byte[] of(
      int from,
      int to,
      Endpoint source,
      int trafficClass,
      ByteBuffer datagram,
      int offset,
      int length) {
    byte[] message = new byte[length + OVERHEAD_BYTES];
    ByteBuffer out = ByteBuffer.wrap(message);
    out.putInt(MAGIC | (source.isIpv6() ? IPV6 : IPV4));
    out.put((byte) from).put((byte) to).put((byte) trafficClass).put((byte) 0);
    out.putLong(source.addressHigh()).putLong(source.addressLow()).putShort((short) source.port());
    LocalAddress local = source.local();
    out.putLong(local == null ? 0 : local.high()).putLong(local == null ? 0 : local.low());
    datagram.get(offset, message, HEADER_BYTES, length);
    return message;
  }

  /** Puts the MAC to its end. */
  static void seal(byte[] message, Blake2sState state, MacKey key) {
    int end = message.length - Blake2s.MAC_BYTES;
    state.mac(key, message, 0, end, message, end);
  }

  /** Reads one; {@code null} if it is none, or nobody who knows the key has made it. */
  static @Nullable RelayMessage open(byte[] message, Blake2sState state, MacKey key) {
    int end = message.length - Blake2s.MAC_BYTES;
    if (end < HEADER_BYTES || !state.isMac(key, message, end)) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(message);
    int kind = in.getInt() - MAGIC;
    if (kind != IPV4 && kind != IPV6) {
      return null;
    }
    int from = Byte.toUnsignedInt(in.get());
    int to = Byte.toUnsignedInt(in.get());
    int trafficClass = Byte.toUnsignedInt(in.get());
    Endpoint source = source(message, kind == IPV6);
    return new RelayMessage(from, to, source, trafficClass, HEADER_BYTES, end - HEADER_BYTES);
  }

  private static Endpoint source(byte[] message, boolean ipv6) {
    ByteBuffer in = ByteBuffer.wrap(message, 8, LOCAL + 16 - 8);
    long high = in.getLong();
    long low = in.getLong();
    int port = Short.toUnsignedInt(in.getShort());
    Endpoint place = ipv6 ? Endpoint.ipv6(high, low, port, 0) : Endpoint.ipv4((int) low, port);
    var local = new LocalAddress(in.getLong(), in.getLong(), 0);
    return local.high() == 0 && local.low() == 0 ? place : place.withLocal(local);
  }

  /** A copy of the datagram in it. */
  byte[] datagram(byte[] message) {
    return Arrays.copyOfRange(message, offset, offset + length);
  }
}
