package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AgreementKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.crypto.XChaCha20Poly1305;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C2SP's Wycheproof vectors, out of the folder that the environment's WGNETTY_WYCHEPROOF names;
 * skipped without it, unless all providers are required.
 */
class WycheproofTest {
  private static final String FOLDER = "WGNETTY_WYCHEPROOF";

  /** The zeros that a WireGuard nonce begins with. */
  private static final byte[] NONCE_PREFIX = new byte[4];

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
  void shouldAgreeAsX25519sVectorsSay(String provider) throws IOException {
    X25519 x25519 = CryptoProviders.x25519(provider);
    List<JsonObject> cases = cases("x25519_test.json", 32);
    assertThat(cases).hasSizeGreaterThan(500);
    for (JsonObject each : cases) {
      byte[] expected = bytes(each, "shared");
      byte[] shared = new byte[X25519.KEY_BYTES];
      boolean agreed = x25519.agree(bytes(each, "private"), bytes(each, "public"), shared);
      assertThat(shared).as("case %s", each.get("tcId")).isEqualTo(expected);
      assertThat(agreed)
          .as("case %s", each.get("tcId"))
          .isNotEqualTo(Arrays.equals(expected, new byte[X25519.KEY_BYTES]));
      try (AgreementKey key = x25519.prepare(bytes(each, "private"))) {
        assertThat(key.agree(bytes(each, "public"), shared)).isEqualTo(agreed);
        assertThat(shared).as("prepared, case %s", each.get("tcId")).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
  void shouldSealAndOpenAsXChaChasVectorsSay(String provider) throws IOException {
    List<JsonObject> cases = cases("xchacha20_poly1305_test.json", XChaCha20Poly1305.NONCE_BYTES);
    assertThat(cases).hasSizeGreaterThan(300);
    try (Aead aead = CryptoProviders.aead(provider)) {
      for (JsonObject each : cases) {
        byte[] nonce = bytes(each, "iv");
        byte[] key = bytes(each, "key");
        byte[] aad = bytes(each, "aad");
        byte[] plaintext = bytes(each, "msg");
        byte[] sealed = sealed(each);
        byte[] opened = new byte[plaintext.length];
        assertThat(
                XChaCha20Poly1305.open(aead, key, nonce, aad, sealed, 0, sealed.length, opened, 0))
            .as("case %s", each.get("tcId"))
            .isEqualTo(isValid(each));
        if (isValid(each)) {
          assertThat(opened).as("case %s", each.get("tcId")).isEqualTo(plaintext);
          byte[] out = new byte[sealed.length];
          XChaCha20Poly1305.seal(aead, key, nonce, aad, plaintext, out, 0);
          assertThat(out).as("case %s", each.get("tcId")).isEqualTo(sealed);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
  void shouldSealAndOpenAsTheVectorsSayWhoseNonceWireGuardCanHave(String provider)
      throws IOException {
    int tried = 0;
    try (Aead aead = CryptoProviders.aead(provider)) {
      for (JsonObject each : cases("chacha20_poly1305_test.json", NativeAead.NONCE_BYTES)) {
        byte[] nonce = bytes(each, "iv");
        if (Arrays.equals(nonce, 0, 4, NONCE_PREFIX, 0, 4)) {
          tried++;
          sealAndOpen(aead, each, AeadOracle.little(Arrays.copyOfRange(nonce, 4, 12)).longValue());
        }
      }
    }
    assertThat(tried).isGreaterThanOrEqualTo(10);
  }

  private static void sealAndOpen(Aead aead, JsonObject each, long counter) {
    byte[] key = bytes(each, "key");
    byte[] plaintext = bytes(each, "msg");
    byte[] sealed = sealed(each);
    byte[] opened = new byte[plaintext.length];
    assertThat(aead.open(key, counter, bytes(each, "aad"), sealed, 0, sealed.length, opened, 0))
        .as("case %s", each.get("tcId"))
        .isEqualTo(isValid(each));
    if (isValid(each)) {
      byte[] out = new byte[sealed.length];
      aead.seal(key, counter, bytes(each, "aad"), plaintext, out, 0);
      assertThat(out).as("case %s", each.get("tcId")).isEqualTo(sealed);
      assertThat(opened).isEqualTo(plaintext);
    }
  }

  /** The oracle, which the providers are compared with, takes every nonce. */
  @Test
  void shouldHaveAnOracleThatSealsAsTheVectorsSay() throws IOException {
    List<JsonObject> cases = cases("chacha20_poly1305_test.json", NativeAead.NONCE_BYTES);
    assertThat(cases).hasSizeGreaterThan(300);
    for (JsonObject each : cases) {
      byte[] sealed =
          AeadOracle.seal(
              bytes(each, "key"), bytes(each, "iv"), bytes(each, "aad"), bytes(each, "msg"));
      assertThat(Arrays.equals(sealed, sealed(each)))
          .as("case %s", each.get("tcId"))
          .isEqualTo(isValid(each));
    }
  }

  /** All cases whose nonce, if they have one, is as long. */
  private static List<JsonObject> cases(String file, int nonceBytes) throws IOException {
    String folder = System.getenv(FOLDER);
    if (CryptoProviders.allRequired()) {
      assertThat(folder).as("the environment's " + FOLDER).isNotNull();
    }
    assumeTrue(folder != null, FOLDER + " is not set");
    List<JsonObject> cases = new ArrayList<>();
    JsonObject document =
        JsonParser.parseString(Files.readString(Path.of(folder, file))).getAsJsonObject();
    for (JsonElement group : document.getAsJsonArray("testGroups")) {
      for (JsonElement each : group.getAsJsonObject().getAsJsonArray("tests")) {
        JsonObject object = each.getAsJsonObject();
        if (!object.has("iv") || bytes(object, "iv").length == nonceBytes) {
          cases.add(object);
        }
      }
    }
    return cases;
  }

  private static boolean isValid(JsonObject each) {
    return each.get("result").getAsString().equals("valid");
  }

  private static byte[] sealed(JsonObject each) {
    return HexFormat.of().parseHex(each.get("ct").getAsString() + each.get("tag").getAsString());
  }

  private static byte[] bytes(JsonObject each, String name) {
    return HexFormat.of().parseHex(each.get(name).getAsString());
  }
}
