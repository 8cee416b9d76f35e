package io.wgnetty.bench;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of each step of a handshake, and of a whole one, between two peers that know each other.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class HandshakeBenchmark {
  private static final int INITIATOR_INDEX = 1;
  private static final int RESPONDER_INDEX = 2;

  @Param({"boringssl", "openssl", "bouncycastle", "jdk"})
  String keyAgreement;

  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[] timestamp = Tai64n.whitened(0);
  private Aead aead;
  private HandshakeCrypto crypto;
  private LocalIdentity initiator;
  private LocalIdentity responder;
  private RemoteIdentity initiatorSeen;
  private RemoteIdentity responderSeen;
  private InitiationMessage initiation;

  @Setup(Level.Trial)
  public void setUp() {
    X25519 x25519 = X25519Providers.named(keyAgreement);
    aead = AeadProviders.fastest().create();
    crypto = new HandshakeCrypto(x25519, aead, random);
    initiator = new LocalIdentity(PrivateKey.generate(random), x25519);
    responder = new LocalIdentity(PrivateKey.generate(random), x25519);
    initiatorSeen = new RemoteIdentity(initiator.publicKey());
    responderSeen = new RemoteIdentity(responder.publicKey());
    initiation = (InitiationMessage) parse(createInitiation().message());
  }

  @TearDown
  public void tearDown() {
    aead.close();
  }

  /** What the initiator pays to begin. */
  @Benchmark
  public InitiatorHandshake createInitiation() {
    return present(
        InitiatorHandshake.create(crypto, initiator, responderSeen, timestamp, INITIATOR_INDEX));
  }

  /** What the responder pays to find out who calls. */
  @Benchmark
  public ResponderHandshake openInitiation() {
    return open(initiation);
  }

  /** The whole exchange, both sides. */
  @Benchmark
  public TransportKeys wholeHandshake() {
    InitiatorHandshake begun = createInitiation();
    ResponderHandshake opened = open((InitiationMessage) parse(begun.message()));
    ResponderHandshake.Answer answer =
        present(opened.respond(crypto, PresharedKey.none(), RESPONDER_INDEX));
    return present(
        begun.consume(crypto, (ResponseMessage) parse(answer.message()), PresharedKey.none()));
  }

  private ResponderHandshake open(InitiationMessage message) {
    return present(ResponderHandshake.open(crypto, responder, message, key -> initiatorSeen));
  }

  private static HandshakeMessage parse(byte[] message) {
    return present(HandshakeMessage.parse(message));
  }

  private static <T> T present(T result) {
    if (result == null) {
      throw new IllegalStateException("a step of an honest handshake failed");
    }
    return result;
  }
}
