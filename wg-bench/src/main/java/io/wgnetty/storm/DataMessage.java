package io.wgnetty.storm;

import io.wgnetty.crypto.Aead;
import io.wgnetty.protocol.Messages;

/** Transport messages. Empty ones: the load is handshakes, and a server has to open these, too. */
final class DataMessage {
  private static final byte[] NOTHING = new byte[0];

  private DataMessage() {}

  static byte[] keepalive(Aead aead, SessionKeys keys, long counter) {
    byte[] message = new byte[Messages.MIN_TRANSPORT_BYTES];
    message[Messages.TYPE_OFFSET] = Messages.TRANSPORT;
    Words.put(message, Messages.TRANSPORT_RECEIVER_OFFSET, keys.remoteIndex());
    Words.putLong(message, Messages.TRANSPORT_COUNTER_OFFSET, counter);
    aead.seal(keys.sendKey(), counter, NOTHING, NOTHING, message, Messages.TRANSPORT_HEADER_BYTES);
    return message;
  }
}
