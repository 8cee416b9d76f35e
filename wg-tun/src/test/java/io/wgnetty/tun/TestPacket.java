package io.wgnetty.tun;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes IP packets for tests, straight from the RFCs and byte by byte, so that it shares nothing
 * with what it tests.
 */
final class TestPacket implements Cloneable {
  static final int FIN = 1;
  static final int SYN = 2;
  static final int PSH = 8;
  static final int ACK = 16;
  static final int CWR = 128;

  boolean ipv6;
  boolean udp;
  int flow = 1;
  int trafficClass;
  int ttl = 64;
  int identification = 100;
  int fragmentField = 0x4000;
  byte[] ipOptions = {};
  byte[] extensionHeaders = {};
  int firstExtension;
  int sequence = 1000;
  int acknowledgement = 77;
  int flags = ACK;
  int window = 512;
  int urgent;
  byte[] tcpOptions = {};
  byte[] payload = {};
  boolean withoutChecksum;

  static TestPacket tcp4(byte[] payload) {
    var packet = new TestPacket();
    packet.payload = payload;
    return packet;
  }

  static TestPacket tcp6(byte[] payload) {
    TestPacket packet = tcp4(payload);
    packet.ipv6 = true;
    return packet;
  }

  static TestPacket udp4(byte[] payload) {
    TestPacket packet = tcp4(payload);
    packet.udp = true;
    return packet;
  }

  static TestPacket udp6(byte[] payload) {
    TestPacket packet = udp4(payload);
    packet.ipv6 = true;
    return packet;
  }

  TestPacket copy() {
    try {
      return (TestPacket) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Bytes 0, 1, 2, ... of a number that tells flows and packets apart. */
  static byte[] pattern(int length, int number) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 7 + number * 31 + (i >>> 8));
    }
    return bytes;
  }

  int protocol() {
    return udp ? 17 : 6;
  }

  int transportOffset() {
    return ipv6 ? 40 + extensionHeaders.length : 20 + ipOptions.length;
  }

  int headerBytes() {
    return transportOffset() + (udp ? 8 : 20 + tcpOptions.length);
  }

  byte[] bytes() {
    byte[] source = address(1);
    byte[] destination = address(2);
    byte[] transport = transport();
    int field = udp ? 6 : 16;
    if (!withoutChecksum) {
      int checksum = ~sum(pseudo(source, destination, transport)) & 0xffff;
      checksum = udp && checksum == 0 ? 0xffff : checksum;
      put16(transport, field, checksum);
    }
    byte[] network =
        ipv6
            ? network6(source, destination, transport.length)
            : network4(source, destination, transport.length);
    byte[] packet = Arrays.copyOf(network, network.length + transport.length);
    System.arraycopy(transport, 0, packet, network.length, transport.length);
    return packet;
  }

  private byte[] address(int host) {
    byte[] address = new byte[ipv6 ? 16 : 4];
    address[0] = (byte) (ipv6 ? 0xfd : 10);
    address[address.length - 2] = (byte) flow;
    address[address.length - 1] = (byte) host;
    return address;
  }

  private byte[] network4(byte[] source, byte[] destination, int transportBytes) {
    ByteBuffer b = ByteBuffer.allocate(20 + ipOptions.length);
    b.put((byte) (0x40 | (b.capacity() / 4))).put((byte) trafficClass);
    b.putShort((short) (b.capacity() + transportBytes)).putShort((short) identification);
    b.putShort((short) fragmentField).put((byte) ttl).put((byte) protocol()).putShort((short) 0);
    b.put(source).put(destination).put(ipOptions);
    put16(b.array(), 10, ~sum(b.array()) & 0xffff);
    return b.array();
  }

  private byte[] network6(byte[] source, byte[] destination, int transportBytes) {
    ByteBuffer b = ByteBuffer.allocate(40 + extensionHeaders.length);
    b.putInt(0x6000_0000 | (trafficClass << 20) | flow);
    b.putShort((short) (extensionHeaders.length + transportBytes));
    b.put((byte) (extensionHeaders.length == 0 ? protocol() : firstExtension)).put((byte) ttl);
    return b.put(source).put(destination).put(extensionHeaders).array();
  }

  private byte[] transport() {
    ByteBuffer b = ByteBuffer.allocate((udp ? 8 : 20 + tcpOptions.length) + payload.length);
    b.putShort((short) (4000 + flow)).putShort((short) 5001);
    if (udp) {
      b.putShort((short) b.capacity()).putShort((short) 0);
    } else {
      b.putInt(sequence).putInt(acknowledgement);
      b.put((byte) (((20 + tcpOptions.length) / 4) << 4)).put((byte) flags);
      b.putShort((short) window).putShort((short) 0).putShort((short) urgent).put(tcpOptions);
    }
    return b.put(payload).array();
  }

  private byte[] pseudo(byte[] source, byte[] destination, byte[] transport) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(source);
    all.writeBytes(destination);
    all.writeBytes(new byte[] {0, (byte) protocol()});
    all.writeBytes(new byte[] {(byte) (transport.length >>> 8), (byte) transport.length});
    all.writeBytes(transport);
    return all.toByteArray();
  }

  private static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }

  /** RFC 1071, word by word; not inverted. */
  static int sum(byte[] bytes) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }

  /** Whether the transport checksum of a packet is right, given where its header begins. */
  static boolean verifies(byte[] packet, int transport, int protocol) {
    boolean isIpv6 = packet[0] >>> 4 == 6;
    if (transport < (isIpv6 ? 40 : 20) || transport > packet.length) {
      return false;
    }
    return pseudoSum(packet, transport, protocol) == 0xffff;
  }

  private static int pseudoSum(byte[] packet, int transport, int protocol) {
    boolean isIpv6 = packet[0] >>> 4 == 6;
    int bytes = packet.length - transport;
    var all = new ByteArrayOutputStream();
    all.write(packet, isIpv6 ? 8 : 12, isIpv6 ? 32 : 8);
    all.writeBytes(new byte[] {0, (byte) protocol, (byte) (bytes >>> 8), (byte) bytes});
    all.write(packet, transport, bytes);
    return sum(all.toByteArray());
  }

  /** Makes lengths and checksums of a packet without options right, if it is TCP or UDP. */
  static void putRight(byte[] packet) {
    boolean isIpv6 = packet[0] >>> 4 == 6;
    int transport = isIpv6 ? 40 : 20;
    if (packet.length < transport + 20 || (!isIpv6 && packet[0] != 0x45)) {
      return;
    }
    int protocol = packet[isIpv6 ? 6 : 9];
    if (isIpv6) {
      put16(packet, 4, packet.length - 40);
    } else {
      put16(packet, 2, packet.length);
      put16(packet, 10, 0);
      put16(packet, 10, ~sum(Arrays.copyOf(packet, 20)) & 0xffff);
    }
    if (protocol == 17) {
      put16(packet, transport + 4, packet.length - transport);
    }
    if (protocol == 6 || protocol == 17) {
      int field = transport + (protocol == 17 ? 6 : 16);
      put16(packet, field, 0);
      int checksum = ~pseudoSum(packet, transport, protocol) & 0xffff;
      put16(packet, field, protocol == 17 && checksum == 0 ? 0xffff : checksum);
    }
  }
}
