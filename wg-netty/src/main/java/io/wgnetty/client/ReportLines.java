package io.wgnetty.client;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;

/** Puts the lines of an answer together to what they say of the node and of each peer. */
final class ReportLines implements AnswerLines {
  static final String PEER = "public_key";

  private final ReportReader reader;
  private final boolean withSecrets;
  private Facts current = new Facts();
  private boolean isNodeDone;

  /**
   * For one answer.
   *
   * @param withSecrets whether private and pre-shared keys are wanted, in base64
   */
  ReportLines(ReportReader reader, boolean withSecrets) {
    this.reader = reader;
    this.withSecrets = withSecrets;
  }

  @Override
  public void line(String key, String value) {
    if (key.equals(PEER)) {
      finish();
      current = new Facts();
    }
    current.add(key, value);
  }

  /** The answer is whole. */
  void end() {
    finish();
  }

  private void finish() {
    if (isNodeDone) {
      reader.peer(current);
    } else {
      isNodeDone = true;
      reader.node(current);
    }
  }

  @Override
  public void secret(String key, byte[] hex) {
    if (key.equals("private_key")) {
      privateKey(hex);
    } else {
      presharedKey(hex);
    }
  }

  private void privateKey(byte[] hex) {
    PrivateKey key = PrivateKey.fromHex(new String(hex, StandardCharsets.ISO_8859_1));
    current.add("own_public_key", key.publicKey(X25519Providers.fastest()).toHex());
    if (withSecrets) {
      current.add("private_key", key.toBase64());
    }
    key.wipe();
  }

  private void presharedKey(byte[] hex) {
    PresharedKey key = PresharedKey.fromHex(new String(hex, StandardCharsets.ISO_8859_1));
    if (!key.isNone()) {
      current.add("has_preshared_key", "true");
      if (withSecrets) {
        current.add("preshared_key", key.toBase64());
      }
    }
    key.wipe();
  }
}
