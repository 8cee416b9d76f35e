package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A responder out of the pure core, which answers one client. */
final class TestServer implements AutoCloseable {
  static final int INDEX = 77;

  final StormCrypto crypto = StormCrypto.fastest();
  final SeededKeys keys = new SeededKeys(7);
  final LocalIdentity identity;
  final RemoteIdentity asSeen;
  private final SplittableRandom random = new SplittableRandom(1);
  private final HandshakeCrypto handshakes =
      new HandshakeCrypto(crypto.x25519(), crypto.aead(), random);
  final CookieChecker cookies;
  private @Nullable TransportKeys latest;
  private @Nullable InitiatorHandshake attempt;
  private @Nullable PublicKey latestCaller;

  TestServer() {
    this("server");
  }

  /** The server whose key has this purpose. */
  TestServer(String purpose) {
    identity = new LocalIdentity(keys.key(purpose, 0), crypto.x25519());
    asSeen = new RemoteIdentity(identity.publicKey());
    cookies = new CookieChecker(identity, crypto.aead(), random);
  }

  Client client(int number, int address) {
    return new Client(crypto, keys, number, address, asSeen);
  }

  /** The handshake that an initiation begins; null if it is not genuine. */
  @Nullable ResponderHandshake tryOpen(byte[] initiation) {
    return ResponderHandshake.open(
        handshakes,
        identity,
        (InitiationMessage) requireNonNull(HandshakeMessage.parse(initiation)),
        key -> {
          latestCaller = key;
          return new RemoteIdentity(key);
        });
  }

  /** Whose static key was opened last. */
  @Nullable PublicKey latestCaller() {
    return latestCaller;
  }

  ResponderHandshake open(byte[] initiation) {
    return requireNonNull(tryOpen(initiation));
  }

  /** The keys of the latest response. */
  TransportKeys keysOfLatest() {
    return requireNonNull(latest);
  }

  /** The response to an initiation; the keys are then {@link #keysOfLatest}. */
  byte[] respond(byte[] initiation) {
    ResponderHandshake opened = open(initiation);
    ResponderHandshake.Answer answer =
        requireNonNull(opened.respond(handshakes, PresharedKey.none(), INDEX));
    new CookieJar(opened.remote()).stamp(answer.message(), 0);
    latest = answer.keys();
    return answer.message();
  }

  /** Begins a handshake with a client; {@link #completes} takes its response. */
  byte[] call(Client client, byte[] timestamp) {
    RemoteIdentity remote = new RemoteIdentity(client.key());
    attempt =
        requireNonNull(InitiatorHandshake.create(handshakes, identity, remote, timestamp, INDEX));
    new CookieJar(remote).stamp(attempt.message(), 0);
    return attempt.message();
  }

  /** Whether a response to the latest call is genuine; the keys are then {@link #keysOfLatest}. */
  boolean completes(byte[] response) {
    ResponseMessage message = (ResponseMessage) requireNonNull(HandshakeMessage.parse(response));
    latest = requireNonNull(attempt).consume(handshakes, message, PresharedKey.none());
    return latest != null;
  }

  /** Data for a client in the latest session. */
  byte[] data(long counter) {
    TransportKeys session = keysOfLatest();
    return DataMessage.keepalive(
        crypto.aead(),
        new SessionKeys(
            session.sendKey(), session.receiveKey(), session.localIndex(), session.remoteIndex()),
        counter);
  }

  static Endpoint at(int address) {
    return Endpoint.ipv4(address, Addresses.CLIENT_PORT);
  }

  @Override
  public void close() {
    crypto.close();
  }
}
