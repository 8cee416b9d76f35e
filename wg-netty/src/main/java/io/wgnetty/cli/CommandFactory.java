package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.NodeProcess;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Makes the subcommands, with what they work on. */
final class CommandFactory implements CommandLine.IFactory {
  private final Map<Class<?>, Supplier<Object>> commands = new HashMap<>();

  CommandFactory(NodeProcess node, CommandContext context) {
    StandardStreams streams = context.streams();
    commands.put(RunFilesCommand.class, () -> new RunFilesCommand(node));
    commands.put(GenkeyCommand.class, () -> new GenkeyCommand(streams));
    commands.put(GenpskCommand.class, () -> new GenpskCommand(streams));
    commands.put(PubkeyCommand.class, () -> new PubkeyCommand(streams));
    commands.put(CheckCommand.class, () -> new CheckCommand(streams));
    commands.put(ShowCommand.class, () -> new ShowCommand(context));
    commands.put(CiphersCommand.class, () -> new CiphersCommand(streams));
    commands.put(StatusCommand.class, () -> new StatusCommand(context));
    commands.put(CaptureCommand.class, () -> new CaptureCommand(context));
    commands.put(AccountCommand.class, () -> new AccountCommand(context));
    commands.put(EventsCommand.class, () -> new EventsCommand(context));
    commands.put(DoctorCommand.class, () -> new DoctorCommand(context));
    commands.put(TopCommand.class, () -> new TopCommand(context));
    commands.put(ListPeersCommand.class, () -> new ListPeersCommand(context));
    commands.put(AddPeerCommand.class, () -> new AddPeerCommand(context));
    commands.put(RemovePeerCommand.class, () -> new RemovePeerCommand(context));
    commands.put(DisablePeerCommand.class, () -> new DisablePeerCommand(context));
    commands.put(EnablePeerCommand.class, () -> new EnablePeerCommand(context));
    commands.put(ChangePeerCommand.class, () -> new ChangePeerCommand(context));
    commands.put(RenamePeerCommand.class, () -> new RenamePeerCommand(context));
    commands.put(PeersCommand.class, () -> new PeersCommand(streams));
    commands.put(ReloadCommand.class, () -> new ReloadCommand(context));
    commands.put(DownCommand.class, () -> new DownCommand(context));
    commands.put(ForgetSessionsCommand.class, () -> new ForgetSessionsCommand(context));
    commands.put(UpgradeCommand.class, () -> new UpgradeCommand(context));
    commands.put(SaveCommand.class, () -> new SaveCommand(context));
    commands.put(LogCommand.class, () -> new LogCommand(context));
    commands.put(ApiCommand.class, () -> new ApiCommand(node, context));
    commands.put(LimitCommand.class, () -> new LimitCommand(context));
    commands.put(LogLevelCommand.class, () -> new LogLevelCommand(context));
    commands.put(CompletionCommand.class, () -> new CompletionCommand(context));
    commands.put(ManCommand.class, () -> new ManCommand(context));
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Supplier<Object> command = commands.get(type);
    return command == null ? CommandLine.defaultFactory().create(type) : type.cast(command.get());
  }
}
