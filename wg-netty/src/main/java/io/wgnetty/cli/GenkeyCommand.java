package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.node.CommandFailure;
import java.security.SecureRandom;
import picocli.CommandLine.Command;

/** A new private key, as {@code wg genkey} makes it. */
@Command(name = "genkey", description = "Makes a new private key and writes it to standard output.")
final class GenkeyCommand extends BaseCommand {
  private final StandardStreams streams;

  GenkeyCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    streams.warnIfOutIsWorldAccessible();
    PrivateKey key = PrivateKey.generate(new SecureRandom());
    KeyOutput.print(streams.out(), key.copyBytes());
    key.wipe();
    return 0;
  }
}
