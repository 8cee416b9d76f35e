package io.wgnetty.storm;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponseMessage;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One WireGuard client that begins handshakes, and answers the server's if it is let: its keys, its
 * address, its latest attempt and its cookie (protocol 2.2, 2.3, 2.6).
 *
 * <p>Its indices name it, so that an answer finds it: the client's number, then some bits of the
 * attempt. As with any client an answer to an attempt before the latest comes too late. A response
 * is accepted by its index and its mac1, which costs microseconds; {@link #verify} does all the
 * rest. Used by one thread.
 */
final class Client {
  /** What a datagram was to the client. */
  enum Reply {
    RESPONSE,
    COOKIE,
    DATA,
    /** Too late, twice, to another's address, or not authentic. */
    STRAY
  }

  private static final int ATTEMPT_BITS = 6;
  static final int MAX_CLIENTS = 1 << (Integer.SIZE - ATTEMPT_BITS - 1);

  private final int number;
  private final int address;
  private final PublicKey key;
  private final CookieJar cookies;
  private final PreparedCall prepared;
  private final PrivateKey local;
  private final RemoteIdentity server;
  private @Nullable Responder responder;

  private int attempt;
  private byte[] timestamp = new byte[Tai64n.BYTES];
  private byte @Nullable [] response;
  private boolean awaitsResponse;

  /**
   * A client at an IPv4 address, which is given as a number. Computing what it prepares takes four
   * X25519 multiplications.
   */
  Client(StormCrypto crypto, SeededKeys keys, int number, int address, RemoteIdentity server) {
    local = keys.key("client", number);
    this.server = server;
    this.number = number;
    this.address = address;
    key = local.publicKey(crypto.x25519());
    cookies = new CookieJar(server);
    prepared =
        new PreparedCall(crypto, local, key, keys.key("ephemeral", number), server.publicKey());
  }

  /** The number of the client that an index belongs to. */
  static int numberOf(int index) {
    return index >>> ATTEMPT_BITS;
  }

  int number() {
    return number;
  }

  int address() {
    return address;
  }

  PublicKey key() {
    return key;
  }

  /** Attempts so far. */
  int attempts() {
    return attempt;
  }

  /**
   * Begins another attempt; the one before is given up.
   *
   * @param epochNs the time of the timestamp, since 1970; at least 17 ms after the one before
   */
  byte[] call(StormCrypto crypto, long nowNs, long epochNs) {
    attempt++;
    timestamp = Tai64n.whitened(epochNs);
    response = null;
    awaitsResponse = true;
    byte[] message = prepared.attempt(crypto.aead(), timestamp, index());
    cookies.stamp(message, nowNs);
    return message;
  }

  private int index() {
    return indexOf(attempt);
  }

  private int indexOf(int attempt) {
    return (number << ATTEMPT_BITS) | (attempt & ((1 << ATTEMPT_BITS) - 1));
  }

  /** Takes a datagram that came to an address. */
  Reply receive(StormCrypto crypto, byte[] datagram, int toAddress, long nowNs) {
    if (toAddress != address) {
      return Reply.STRAY;
    }
    HandshakeMessage message = HandshakeMessage.parse(datagram);
    if (message instanceof ResponseMessage answer && isAwaited(answer)) {
      awaitsResponse = false;
      response = datagram;
      return Reply.RESPONSE;
    }
    if (message instanceof CookieReplyMessage reply
        && reply.receiverIndex() == index()
        && cookies.consume(reply, crypto.aead(), nowNs)) {
      return Reply.COOKIE;
    }
    boolean isData =
        message == null
            && datagram.length >= Messages.MIN_TRANSPORT_BYTES
            && Words.get(datagram, Messages.TYPE_OFFSET) == Messages.TRANSPORT;
    return isData ? Reply.DATA : Reply.STRAY;
  }

  /**
   * Answers an initiation of the server that came to an address; an attempt of our own is given up,
   * as there is one handshake at a time. Null if it deserves no answer.
   */
  Responder.@Nullable Answer answer(
      StormCrypto crypto, byte[] datagram, int toAddress, long nowNs) {
    if (toAddress != address
        || !(HandshakeMessage.parse(datagram) instanceof InitiationMessage initiation)
        || !hasMac1(datagram)) {
      return null;
    }
    if (responder == null) {
      responder = new Responder(crypto, local, server);
    }
    Responder.Answer answer = responder.answer(initiation, cookies, indexOf(attempt + 1), nowNs);
    if (answer != null) {
      attempt++;
      awaitsResponse = false;
    }
    return answer;
  }

  private boolean isAwaited(ResponseMessage message) {
    return awaitsResponse && message.receiverIndex() == index() && hasMac1(message.bytes());
  }

  /** Whether a message ends with a mac1 that is meant for this client. */
  boolean hasMac1(byte[] message) {
    int offset = message.length - Messages.MACS_BYTES;
    byte[] mac1 = new byte[Messages.MAC_BYTES];
    Blake2s.mac(new RemoteIdentity(key).mac1Key(), message, 0, offset, mac1, 0);
    return MessageDigest.isEqual(
        mac1, Arrays.copyOfRange(message, offset, offset + Messages.MAC_BYTES));
  }

  /** Verifies the response that was accepted; null if there is none, or it is not genuine. */
  @Nullable SessionKeys verify(StormCrypto crypto) {
    byte[] accepted = response;
    return accepted == null ? null : prepared.verify(crypto, timestamp, accepted);
  }
}
