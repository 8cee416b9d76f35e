package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.util.Arrays;
import java.util.HexFormat;

/** What an {@link X25519} must do right before it is trusted. */
final class X25519SelfTest {
  // RFC 7748 section 6.1.
  private static final byte[] ALICE =
      HexFormat.of().parseHex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  private static final byte[] ALICE_PUBLIC =
      HexFormat.of().parseHex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  private static final byte[] BOB_PUBLIC =
      HexFormat.of().parseHex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  private static final byte[] SHARED =
      HexFormat.of().parseHex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

  private X25519SelfTest() {}

  /** Returns what is wrong; empty if all is well. */
  static String run(X25519 x25519) {
    byte[] result = new byte[X25519.KEY_BYTES];
    x25519.publicKey(ALICE, result);
    if (!Arrays.equals(result, ALICE_PUBLIC)) {
      return "made a wrong public key";
    }
    if (!x25519.agree(ALICE, BOB_PUBLIC, result) || !Arrays.equals(result, SHARED)) {
      return "made a wrong shared secret";
    }
    byte[] zero = new byte[X25519.KEY_BYTES];
    if (x25519.agree(ALICE, zero, result) || !Arrays.equals(result, zero)) {
      return "took a point of small order";
    }
    return "";
  }
}
