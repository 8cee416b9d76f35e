package io.wgnetty.cli;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import picocli.CommandLine.Command;

/** The public key of the private key on standard input, as {@code wg pubkey} computes it. */
@Command(
    name = "pubkey",
    description = "Reads a private key from standard input, writes its public key.")
final class PubkeyCommand extends BaseCommand {
  private static final int KEY_CHARACTERS = 44;

  private final StandardStreams streams;

  PubkeyCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    byte[] secret = readKey(streams.in());
    PrivateKey key = PrivateKey.of(secret);
    Arrays.fill(secret, (byte) 0);
    PublicKey publicKey = key.publicKey(X25519Providers.fastest());
    key.wipe();
    KeyOutput.print(streams.out(), publicKey.toBytes());
    return 0;
  }

  private static byte[] readKey(InputStream in) throws CommandFailure {
    byte[] text = new byte[KEY_CHARACTERS];
    try {
      if (in.readNBytes(text, 0, KEY_CHARACTERS) == KEY_CHARACTERS && onlySpaceFollows(in)) {
        return decode(text);
      }
      throw notAKey();
    } catch (IOException e) {
      throw new CommandFailure("cannot read the key: " + e.getMessage());
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** White space and NUL may follow the key, as {@code wg} has it. */
  private static boolean onlySpaceFollows(InputStream in) throws IOException {
    int next = in.read();
    while (next == 0 || next == ' ' || (next >= '\t' && next <= '\r')) {
      next = in.read();
    }
    return next < 0;
  }

  private static byte[] decode(byte[] text) throws CommandFailure {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw notAKey();
    }
    byte[] again = Base64.getEncoder().encode(key);
    // Two bits of the last character mean nothing and must be zero.
    boolean canonical = key.length == PrivateKey.BYTES && Arrays.equals(again, text);
    Arrays.fill(again, (byte) 0);
    if (!canonical) {
      Arrays.fill(key, (byte) 0);
      throw notAKey();
    }
    return key;
  }

  private static CommandFailure notAKey() {
    return new CommandFailure("Key is not the correct length or format");
  }
}
