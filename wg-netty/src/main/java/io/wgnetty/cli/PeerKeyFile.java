package io.wgnetty.cli;

import io.wgnetty.config.SecretFile;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The options {@code --psk FILE} and {@code --no-psk}. */
final class PeerKeyFile {
  private PeerKeyFile() {}

  /**
   * The pre-shared key that is asked for.
   *
   * @param file where it is; {@code -} for standard input
   * @param none whether there is to be none
   * @return {@code null} if nothing is asked
   */
  static @Nullable PresharedKey read(
      @Nullable String file, boolean none, InputStream in, Consumer<String> notes)
      throws CommandFailure {
    if (file != null && none) {
      throw CommandFailure.usage("--psk and --no-psk: one of them");
    }
    if (file == null) {
      return none ? PresharedKey.none() : null;
    }
    try {
      if (file.equals("-")) {
        return SecretFile.read(in, "standard input", PresharedKey::fromBase64);
      }
      Path path = Path.of(file);
      PresharedKey key = SecretFile.read(path, PresharedKey::fromBase64);
      if (SecretFile.isOpenToOthers(path)) {
        notes.accept("others than its owner may read " + path + ": chmod 600 " + path);
      }
      return key;
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("--psk: not a path: " + e.getReason());
    } catch (IOException e) {
      throw new CommandFailure("--psk: " + e.getMessage());
    }
  }
}
