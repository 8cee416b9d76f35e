package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Between a loaded device, which checks, and one that wants to reach it (protocol 6.3). */
final class CookieTest {
  private static final long SECOND_NS = 1_000_000_000;

  /** The clock is free to begin anywhere, near its wrap too. */
  private static final long START_NS = nearTheWrap();

  private static final int INDEX = 1377;
  private static final Endpoint SOURCE = endpoint("c0000201", 51820);

  private final Random random = SeededRandom.create("CookieTest");
  private final Aead aead = AeadProviders.fastest().create();
  private final LocalIdentity loaded =
      new LocalIdentity(PrivateKey.generate(random), Primitives.fastest().x25519());
  private final CookieSecrets secrets = new CookieSecrets(random);
  private final CookieChecker checker = new CookieChecker(loaded, aead, random, secrets);
  private final CookieJar jar = new CookieJar(new RemoteIdentity(loaded.publicKey()));

  @AfterEach
  void close() {
    aead.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 64, 32})
  void shouldPassMac1ButNotMac2BeforeThereIsACookie(int size) {
    byte[] message = stamped(size, START_NS);
    assertThat(checker.checkMac1(message)).isTrue();
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).isFalse();
    assertThat(Arrays.copyOfRange(message, size - 16, size)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 64, 148, 92})
  void shouldPassBothMacsWithACookie(int size) {
    byte[] first = stamped(size, START_NS);
    CookieReplyMessage reply = reply(first, SOURCE, START_NS);
    assertThat(reply.receiverIndex()).isEqualTo(INDEX);
    assertThat(jar.consume(reply, aead, START_NS)).isTrue();

    byte[] second = stamped(size, START_NS);
    assertThat(checker.checkMac1(second)).isTrue();
    assertThat(checker.checkMac2(second, SOURCE, START_NS)).isTrue();
    assertThat(checker.checkMac2(first, SOURCE, START_NS)).as("sent without").isFalse();

    second[5] ^= 0x20;
    assertThat(checker.checkMac1(second)).isFalse();
    assertThat(checker.checkMac2(second, SOURCE, START_NS)).isFalse();
  }

  @Test
  void shouldRefuseAReplyBeforeAnythingWasSent() {
    CookieJar other = new CookieJar(new RemoteIdentity(loaded.publicKey()));
    byte[] message = new byte[64];
    other.stamp(message, START_NS);
    assertThat(jar.consume(reply(message, SOURCE, START_NS), aead, START_NS)).isFalse();
  }

  @Test
  void shouldRefuseAReplyWithAnyChangedBit() {
    CookieReplyMessage reply = reply(stamped(148, START_NS), SOURCE, START_NS);
    for (int bit = 8 * 8; bit < 8 * 64; bit++) {
      reply.bytes()[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(jar.consume(reply, aead, START_NS)).isFalse();
      reply.bytes()[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(mac2Of(stamped(148, START_NS))).as("none was taken").containsOnly(0);
  }

  @Test
  void shouldRefuseAReplyToAnEarlierMessage() {
    CookieReplyMessage reply = reply(stamped(148, START_NS), SOURCE, START_NS);
    byte[] newer = new byte[148];
    newer[100] = 1;
    jar.stamp(newer, START_NS);
    assertThat(jar.consume(reply, aead, START_NS)).isFalse();
    assertThat(jar.consume(reply(newer, SOURCE, START_NS), aead, START_NS)).isTrue();
  }

  @Test
  void shouldAcceptOneReplyPerMessage() {
    byte[] message = stamped(148, START_NS);
    CookieReplyMessage reply = reply(message, SOURCE, START_NS);
    assertThat(jar.consume(reply, aead, START_NS)).isTrue();
    assertThat(jar.consume(reply, aead, START_NS)).as("replayed").isFalse();
    assertThat(jar.consume(reply(message, SOURCE, START_NS), aead, START_NS))
        .as("another")
        .isFalse();
    CookieReplyMessage next = reply(stamped(148, START_NS), SOURCE, START_NS);
    assertThat(jar.consume(next, aead, START_NS)).isTrue();
  }

  @Test
  void shouldRefuseAReplyOfAnotherDevice() {
    byte[] message = stamped(148, START_NS);
    LocalIdentity other =
        new LocalIdentity(PrivateKey.generate(random), Primitives.fastest().x25519());
    CookieChecker impostor = new CookieChecker(other, aead, random);
    assertThat(jar.consume(parsed(impostor.reply(message, SOURCE, START_NS)), aead, START_NS))
        .isFalse();
    assertThat(impostor.checkMac1(message)).isFalse();
  }

  @Test
  void shouldBindTheCookieToAddressAndPort() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).isTrue();
    for (Endpoint other :
        new Endpoint[] {
          endpoint("c0000201", 51821),
          endpoint("c0000201", 0x6cca), // the port's bytes exchanged
          endpoint("c0000202", 51820),
          endpoint("20010db8000000000000000000000001", 51820)
        }) {
      assertThat(checker.checkMac2(message, other, START_NS)).as(other.toString()).isFalse();
    }
  }

  @Test
  void shouldBindTheCookieOfAnIpv6SourceToAllOfItsAddress() {
    Endpoint source = endpoint("20010db8000000000000000000000001", 51820);
    CookieReplyMessage reply = reply(stamped(148, START_NS), source, START_NS);
    assertThat(jar.consume(reply, aead, START_NS)).isTrue();
    byte[] message = stamped(148, START_NS);
    assertThat(checker.checkMac2(message, source, START_NS)).isTrue();
    for (int i = 0; i < 16; i++) {
      byte[] address = source.addressBytes();
      address[i] ^= 1;
      assertThat(checker.checkMac2(message, Endpoint.of(address, 51820, 0), START_NS)).isFalse();
    }
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).as("shorter").isFalse();
  }

  @Test
  void shouldRefuseMac2OnceTheSecretIs120SecondsOld() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    long endNs = START_NS + 120 * SECOND_NS;
    assertThat(checker.checkMac2(message, SOURCE, endNs - 1)).isTrue();
    assertThat(checker.checkMac2(message, SOURCE, endNs)).isFalse();

    // A reply takes a new secret, under which the old cookie is wrong and the new one right.
    byte[] again = stamped(148, START_NS);
    CookieReplyMessage reply = reply(again, SOURCE, endNs);
    assertThat(checker.checkMac2(message, SOURCE, endNs)).isFalse();
    assertThat(jar.consume(reply, aead, endNs)).isTrue();
    byte[] renewed = stamped(148, endNs);
    assertThat(checker.checkMac2(renewed, SOURCE, endNs)).isTrue();
    assertThat(checker.checkMac2(renewed, SOURCE, endNs + 120 * SECOND_NS - 1)).isTrue();
    assertThat(checker.checkMac2(renewed, SOURCE, endNs + 120 * SECOND_NS)).isFalse();
  }

  @Test
  void shouldKeepTheSecretBetweenRepliesFor120Seconds() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    long lateNs = START_NS + 120 * SECOND_NS - 1;
    checker.reply(message, SOURCE, lateNs);
    assertThat(checker.checkMac2(message, SOURCE, lateNs)).isTrue();
  }

  @Test
  void shouldUseACookieForLessThan115Seconds() {
    takeCookie(START_NS);
    assertThat(mac2Of(stamped(148, START_NS + 115 * SECOND_NS - 1))).isNotEqualTo(new byte[16]);
    assertThat(mac2Of(stamped(148, START_NS + 115 * SECOND_NS))).containsOnly(0);
    assertThat(mac2Of(stamped(148, START_NS))).as("it is gone for good").containsOnly(0);
  }

  @Test
  void shouldOverwriteMacsThatAreThere() {
    byte[] message = new byte[148];
    Arrays.fill(message, (byte) 0xff);
    jar.stamp(message, START_NS);
    assertThat(checker.checkMac1(message)).isTrue();
    assertThat(mac2Of(message)).containsOnly(0);
  }

  @Test
  void shouldUseAnotherNonceForEachReply() {
    byte[] message = stamped(148, START_NS);
    byte[] first = checker.reply(message, SOURCE, START_NS);
    byte[] second = checker.reply(message, SOURCE, START_NS);
    assertThat(Arrays.copyOfRange(first, 8, 32)).isNotEqualTo(Arrays.copyOfRange(second, 8, 32));
    assertThat(first).hasSize(Messages.COOKIE_REPLY_BYTES);
  }

  @Test
  void shouldGiveASourceItsOwnCookieWhoeverWasCheckedBefore() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    Endpoint other = endpoint("c0000202", 51820);
    assertThat(checker.checkMac2(message, other, START_NS)).isFalse();
    assertThat(jar.consume(reply(message, SOURCE, START_NS), aead, START_NS)).isTrue();
    byte[] again = stamped(148, START_NS);
    assertThat(checker.checkMac2(again, other, START_NS)).isFalse();
    assertThat(checker.checkMac2(again, SOURCE, START_NS)).isTrue();

    // Checked under the old secret, answered under the new one.
    long endNs = START_NS + 120 * SECOND_NS;
    message[147] ^= 1;
    assertThat(checker.checkMac2(message, SOURCE, endNs - 1)).isFalse();
    byte[] late = stamped(148, endNs - 1);
    assertThat(jar.consume(reply(late, SOURCE, endNs), aead, endNs)).isTrue();
    assertThat(checker.checkMac2(stamped(148, endNs), SOURCE, endNs)).isTrue();
  }

  @Test
  void shouldRefuseAMac2OfZeros() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    Arrays.fill(message, 132, 148, (byte) 0);
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).isFalse();
  }

  @Test
  void shouldRefuseMessagesTooShortForMacs() {
    for (int size = 0; size < 32; size++) {
      assertThat(checker.checkMac1(new byte[size])).isFalse();
      assertThat(checker.checkMac2(new byte[size], SOURCE, START_NS)).isFalse();
    }
  }

  @Test
  void shouldForgetWhenWiped() {
    takeCookie(START_NS);
    byte[] message = stamped(148, START_NS);
    CookieReplyMessage outstanding = reply(message, SOURCE, START_NS);
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).isTrue();
    secrets.wipe();
    assertThat(checker.checkMac2(message, SOURCE, START_NS)).isFalse();
    jar.wipe();
    assertThat(jar.consume(outstanding, aead, START_NS)).isFalse();
    assertThat(mac2Of(stamped(148, START_NS))).containsOnly(0);
  }

  private static long nearTheWrap() {
    return Long.MAX_VALUE - 60 * SECOND_NS;
  }

  private void takeCookie(long nowNs) {
    CookieReplyMessage reply = reply(stamped(148, nowNs), SOURCE, nowNs);
    assertThat(jar.consume(reply, aead, nowNs)).isTrue();
  }

  private byte[] stamped(int size, long nowNs) {
    byte[] message = new byte[size];
    if (size > Messages.MACS_BYTES) {
      Messages.putWord(message, Messages.SENDER_OFFSET, INDEX);
    }
    jar.stamp(message, nowNs);
    return message;
  }

  private CookieReplyMessage reply(byte[] message, Endpoint source, long nowNs) {
    return parsed(checker.reply(message, source, nowNs));
  }

  private static CookieReplyMessage parsed(byte[] reply) {
    return (CookieReplyMessage) Objects.requireNonNull(HandshakeMessage.parse(reply));
  }

  private static byte[] mac2Of(byte[] message) {
    return Arrays.copyOfRange(message, message.length - 16, message.length);
  }

  private static Endpoint endpoint(String address, int port) {
    return Endpoint.of(HexFormat.of().parseHex(address), port, 0);
  }
}
