package io.wgnetty.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.peers.record.SecretName;
import io.wgnetty.peers.source.PeerSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Fetches pre-shared keys that lie elsewhere than in their records. */
final class RecordSecrets {
  /** A key is 44 characters. */
  private static final int MAX_BYTES = 128;

  private final PeerSource source;

  RecordSecrets(PeerSource source) {
    this.source = source;
  }

  /** The record with its secret. The message of a failure holds nothing of what was read. */
  PeerRecord complete(PeerRecord record) throws IOException, InterruptedException {
    SecretName secret = record.secret();
    if (secret == null) {
      return record;
    }
    byte[] text =
        secret.place() == SecretName.Place.FILE
            ? file(Path.of(secret.name()))
            : source.beside(secret.name());
    if (text == null) {
      throw new IOException("the pre-shared key is not where the record says");
    }
    try {
      return record.with(
          PresharedKey.fromBase64(
              new String(text, 0, Math.min(text.length, MAX_BYTES), US_ASCII).strip()));
    } catch (IllegalArgumentException e) {
      throw new IOException("there is no pre-shared key where the record says");
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] file(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException("the file of the pre-shared key is not there");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES);
    }
  }
}
