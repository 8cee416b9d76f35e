package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Local and remote identities: what follows from a static key. */
final class IdentityTest {
  private final Random random = SeededRandom.create("IdentityTest");
  private final RecordedX25519 x25519 = new RecordedX25519(Primitives.fastest().x25519());
  private final HandshakeCrypto crypto =
      new HandshakeCrypto(x25519, Primitives.fastest().aead().create(), random);

  @Test
  void shouldComputeMac1AsTheVectorsSay() {
    List<JsonObject> vectors = VectorFile.array("mac1");
    assertThat(vectors).hasSize(5);
    for (JsonObject vector : vectors) {
      RemoteIdentity remote =
          new RemoteIdentity(PublicKey.of(VectorFile.hex(vector, "receiver_static_public")));
      assertThat(remote.mac1Key()).isEqualTo(VectorFile.hex(vector, "mac1_key"));
      assertThat(remote.cookieKey()).isEqualTo(VectorFile.hex(vector, "cookie_key"));
      byte[] content = VectorFile.hex(vector, "message_without_macs");
      byte[] message = Arrays.copyOf(content, content.length + Messages.MACS_BYTES);
      new CookieJar(remote).stamp(message, 0);
      assertThat(Arrays.copyOfRange(message, content.length, content.length + 16))
          .isEqualTo(VectorFile.hex(vector, "mac1"));
      assertThat(Arrays.copyOfRange(message, content.length + 16, message.length)).containsOnly(0);
    }
  }

  @Test
  void shouldHaveTheSameKeysWhetherLocalOrRemote() {
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    RemoteIdentity remote = new RemoteIdentity(local.publicKey());
    assertThat(local.mac1Key()).isEqualTo(remote.mac1Key());
    assertThat(local.cookieKey()).isEqualTo(remote.cookieKey()).isNotEqualTo(local.mac1Key());
    assertThat(remote.publicKey()).isEqualTo(local.publicKey());
    assertThat(remote).hasToString(local.publicKey().toString());
  }

  @Test
  void shouldAgreeOnTheStaticSecretOncePerLocalIdentity() {
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    LocalIdentity successor = new LocalIdentity(PrivateKey.generate(random), x25519);
    LocalIdentity peer = new LocalIdentity(PrivateKey.generate(random), x25519);
    RemoteIdentity remote = new RemoteIdentity(peer.publicKey());

    byte[] secret = remote.staticStatic(crypto, local);
    assertThat(secret).isEqualTo(new RemoteIdentity(local.publicKey()).staticStatic(crypto, peer));
    x25519.takeSecrets();
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(secret).isNotSameAs(secret);
    assertThat(x25519.takeSecrets()).isEmpty();

    assertThat(remote.staticStatic(crypto, successor)).isNotEqualTo(secret);
    assertThat(x25519.takeSecrets()).hasSize(1);
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(secret);
    assertThat(x25519.takeSecrets()).hasSize(1);
    remote.wipe();
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(secret);
    assertThat(x25519.takeSecrets()).hasSize(1);
  }

  /** An X25519 during whose work something else happens. */
  private HandshakeCrypto interrupted(Runnable meanwhile) {
    X25519 slow =
        new X25519() {
          @Override
          public String name() {
            return x25519.name();
          }

          @Override
          public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
            boolean usable = x25519.agree(privateKey, publicKey, sharedSecret);
            meanwhile.run();
            return usable;
          }

          @Override
          public void publicKey(byte[] privateKey, byte[] publicKey) {
            x25519.publicKey(privateKey, publicKey);
          }
        };
    return new HandshakeCrypto(slow, Primitives.fastest().aead().create(), random);
  }

  @Test
  void shouldNotKeepASecretThatWasWipedWhileItWasComputed() {
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    LocalIdentity peer = new LocalIdentity(PrivateKey.generate(random), x25519);
    RemoteIdentity remote = new RemoteIdentity(peer.publicKey());
    x25519.liveArrays().clear();
    byte[] secret = remote.staticStatic(interrupted(remote::wipe), local);
    assertThat(secret).isEqualTo(new RemoteIdentity(local.publicKey()).staticStatic(crypto, peer));
    assertThat(remote.keepsSecret()).isFalse();
    assertThat(x25519.liveArrays().get(1)).as("the array that it was computed in").containsOnly(0);
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(secret);
    assertThat(remote.keepsSecret()).as("computed after it was wiped").isTrue();
  }

  @Test
  void shouldKeepNoSecretOnceItsPeerIsRemoved() {
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    RemoteIdentity remote = new RemoteIdentity(PrivateKey.generate(random).publicKey(x25519));
    byte[] secret = remote.staticStatic(crypto, local);
    assertThat(remote.keepsSecret()).isTrue();
    remote.retire();
    assertThat(remote.keepsSecret()).isFalse();
    remote.wipe();
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(secret);
    assertThat(remote.staticStatic(interrupted(remote::retire), local)).isEqualTo(secret);
    assertThat(remote.keepsSecret()).isFalse();
  }

  @Test
  void shouldNotHandOutTheSecretItKeeps() {
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    RemoteIdentity remote = new RemoteIdentity(PrivateKey.generate(random).publicKey(x25519));
    byte[] secret = remote.staticStatic(crypto, local);
    assertThat(secret).isNotNull();
    byte[] before = Arrays.copyOf(secret, 32);
    Arrays.fill(secret, (byte) 0);
    assertThat(remote.staticStatic(crypto, local)).isEqualTo(before);
  }
}
