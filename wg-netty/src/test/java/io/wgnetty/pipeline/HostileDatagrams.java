package io.wgnetty.pipeline;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.Messages;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes datagrams that a node must not answer, out of randomness and of messages that were really
 * sent to it. The same kinds as {@code interop/hostile.py}.
 */
final class HostileDatagrams {
  private static final int MAX_RANDOM_BYTES = 1472;
  private static final int MAX_LARGE_BYTES = 65_507;

  private final Random random;
  private final byte[] mac1Key;
  private final List<byte[]> handshakes;
  private final List<byte[]> transports;
  private final List<byte[]> messages;
  private final byte[] liveIndex;

  /**
   * @param messages what the node was sent; the last is a transport message of its live session
   * @param mac1Key that of the node's public key, which everybody may know
   */
  HostileDatagrams(Random random, List<byte[]> messages, byte[] mac1Key) {
    this.random = random;
    this.messages = messages;
    this.mac1Key = mac1Key;
    this.handshakes = messages.stream().filter(m -> m[0] <= Messages.RESPONSE).toList();
    this.transports = messages.stream().filter(m -> m[0] == Messages.TRANSPORT).toList();
    this.liveIndex = Arrays.copyOfRange(transports.getLast(), 4, 8);
  }

  /** A datagram, of a kind that the randomness chooses. */
  byte[] next() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2 -> random(random.nextInt(MAX_RANDOM_BYTES + 1));
      case 3, 4, 5 -> typed();
      case 6, 7 -> forged();
      case 8, 9 -> truncated();
      case 10, 11 -> extended();
      case 12, 13 -> withReservedByte();
      case 14 -> withBitFlipped(any(handshakes), Messages.MAC_BYTES);
      case 15 -> withBitFlipped(any(transports), 0);
      case 16 -> any(transports);
      case 17 -> any(handshakes);
      case 18 -> withTrueMac1();
      default -> random(random.nextInt(100) == 0 ? random.nextInt(MAX_LARGE_BYTES + 1) : 1);
    };
  }

  /** An address and port of either family. */
  Endpoint source() {
    return Endpoint.of(random(random.nextBoolean() ? 4 : 16), random.nextInt(1, 65_536), 0);
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] any(List<byte[]> some) {
    return some.get(random.nextInt(some.size()));
  }

  /** A handshake message in type and length only. */
  private byte[] typed() {
    int type = random.nextInt(Messages.INITIATION, Messages.TRANSPORT);
    int length =
        switch (type) {
          case Messages.INITIATION -> Messages.INITIATION_BYTES;
          case Messages.RESPONSE -> Messages.RESPONSE_BYTES;
          default -> Messages.COOKIE_REPLY_BYTES;
        };
    byte[] message = ofType(type, length);
    if (random.nextBoolean()) {
      int indexOffset =
          type == Messages.COOKIE_REPLY
              ? Messages.COOKIE_REPLY_RECEIVER_OFFSET
              : Messages.RESPONSE_RECEIVER_OFFSET;
      System.arraycopy(liveIndex, 0, message, indexOffset, liveIndex.length);
    }
    return message;
  }

  private byte[] ofType(int type, int length) {
    byte[] message = random(length);
    System.arraycopy(new byte[] {(byte) type, 0, 0, 0}, 0, message, 0, 4);
    return message;
  }

  /** Transport data for the live session, by somebody without its key. */
  private byte[] forged() {
    byte[] message = ofType(Messages.TRANSPORT, 16 + random.nextInt(200));
    System.arraycopy(liveIndex, 0, message, Messages.TRANSPORT_RECEIVER_OFFSET, liveIndex.length);
    if (random.nextBoolean()) {
      Arrays.fill(message, Messages.TRANSPORT_COUNTER_OFFSET + 2, 16, (byte) 0); // a likely counter
    }
    return message;
  }

  private byte[] truncated() {
    byte[] message = any(messages);
    return Arrays.copyOf(message, random.nextInt(message.length));
  }

  private byte[] extended() {
    byte[] message = any(messages);
    return Arrays.copyOf(message, message.length + 1 + random.nextInt(40));
  }

  private byte[] withReservedByte() {
    byte[] message = any(messages).clone();
    message[1 + random.nextInt(3)] = (byte) (1 + random.nextInt(255));
    return message;
  }

  /** One bit behind the type word, and not among the last bytes. */
  private byte[] withBitFlipped(byte[] original, int lastBytes) {
    byte[] message = original.clone();
    message[random.nextInt(4, message.length - lastBytes)] ^= (byte) (1 << random.nextInt(8));
    return message;
  }

  private byte[] withTrueMac1() {
    boolean initiation = random.nextBoolean();
    byte[] message =
        initiation
            ? ofType(Messages.INITIATION, Messages.INITIATION_BYTES)
            : ofType(Messages.RESPONSE, Messages.RESPONSE_BYTES);
    int mac1Offset = message.length - Messages.MACS_BYTES;
    Blake2s.mac(mac1Key, message, 0, mac1Offset, message, mac1Offset);
    return message;
  }
}
