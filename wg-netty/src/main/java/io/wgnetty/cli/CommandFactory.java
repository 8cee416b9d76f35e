package io.wgnetty.cli;

import picocli.CommandLine;

/** Makes the subcommands, with the streams that they work on. */
final class CommandFactory implements CommandLine.IFactory {
  private final StandardStreams streams;

  CommandFactory(StandardStreams streams) {
    this.streams = streams;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Object command;
    if (type == GenkeyCommand.class) {
      command = new GenkeyCommand(streams);
    } else if (type == GenpskCommand.class) {
      command = new GenpskCommand(streams);
    } else if (type == PubkeyCommand.class) {
      command = new PubkeyCommand(streams);
    } else if (type == CheckCommand.class) {
      command = new CheckCommand(streams);
    } else {
      return CommandLine.defaultFactory().create(type);
    }
    return type.cast(command);
  }
}
