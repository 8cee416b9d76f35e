package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.handover.Estate;
import io.wgnetty.setup.ConfiguredInterface;
import io.wgnetty.state.StateWriter;

/** What another process takes over of an interface that a file describes. */
final class ConfiguredEstate implements Estate {
  private final ConfiguredNode node;
  private final ConfiguredInterface configured;
  private final Estate run;

  private ConfiguredEstate(ConfiguredNode node, ConfiguredInterface configured, Estate run) {
    this.node = node;
    this.configured = configured;
    this.run = run;
  }

  /**
   * Looks whether another process would find everything that this one knows.
   *
   * @param run the interface without what the file says
   * @throws CommandFailure if not; nothing was changed
   */
  static Estate of(
      ConfiguredNode node,
      ConfigurationSource source,
      ConfiguredInterface configured,
      DirectoryRun directory,
      Estate run)
      throws CommandFailure {
    if (directory.cluster() != null) {
      throw new CommandFailure(
          source.name() + " is a node of a cluster, which is not handed over: restart it");
    }
    if (directory.status() != null) {
      throw new CommandFailure(
          source.name() + " has a directory of peers, which is not handed over: restart it");
    }
    Configuration configuration = source.read();
    try {
      if (!configured.state().isOf(configuration)) {
        throw new CommandFailure(
            source.file()
                + " has changed since it was read: first wg-netty reload "
                + source.name());
      }
    } finally {
      configuration.wipe();
    }
    return new ConfiguredEstate(node, configured, run);
  }

  @Override
  public DeviceTransfer device() {
    return run.device();
  }

  /** In the order in which a reload takes these locks. */
  @Override
  public <T, E extends Exception> T exclusively(DeviceTransfer.Exclusive<T, E> action) throws E {
    synchronized (node) {
      synchronized (configured) {
        return run.exclusively(action);
      }
    }
  }

  @Override
  public void leave() {
    node.belongsToAnother();
    run.leave();
  }

  @Override
  public int controlSocket() {
    return run.controlSocket();
  }

  @Override
  public void serve(boolean serves) {
    run.serve(serves);
  }

  @Override
  public void describeSetup(StateWriter out) {
    configured.state().describe(out);
  }
}
