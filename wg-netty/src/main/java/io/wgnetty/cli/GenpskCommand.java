package io.wgnetty.cli;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.node.CommandFailure;
import java.security.SecureRandom;
import picocli.CommandLine.Command;

/** A new pre-shared key, as {@code wg genpsk} makes it. */
@Command(
    name = "genpsk",
    description = "Makes a new pre-shared key and writes it to standard output.")
final class GenpskCommand extends BaseCommand {
  private final StandardStreams streams;

  GenpskCommand(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws CommandFailure {
    streams.warnIfOutIsWorldAccessible();
    PresharedKey key = PresharedKey.generate(new SecureRandom());
    KeyOutput.print(streams.out(), key.copyBytes());
    key.wipe();
    return 0;
  }
}
