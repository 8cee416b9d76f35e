package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.handover.RefusedException;
import io.wgnetty.handover.Taker;
import io.wgnetty.setup.InterfaceSetup;
import io.wgnetty.setup.SetupException;
import io.wgnetty.setup.SetupTools;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an interface that a file describes, and another process has set up, comes here. */
final class InheritedNode {
  private static final Logger LOG = LoggerFactory.getLogger(InheritedNode.class);

  private InheritedNode() {}

  /**
   * An interface of another process, which stays as it is, and is not ours before {@link
   * ConfiguredNode#begun}.
   */
  static ConfiguredNode takeOver(
      Taker taker, ConfigurationSource source, NodeSurroundings surroundings)
      throws CommandFailure {
    Configuration configuration = source.read();
    var directory = new DirectoryRun();
    var operations = new FileOperations(source.file(), directory);
    try {
      NodeRun.Inherited inherited =
          NodeRun.takeOver(
              taker,
              surroundings.starter(),
              source.name(),
              surroundings.options(),
              surroundings.socketDirectory(),
              (known, device) -> surroundings.upgrade().addTo(operations.addTo(known, device)));
      var node =
          new ConfiguredNode(
              source,
              inherited.run(),
              InterfaceSetup.inherited(
                  inherited.run().node().control(),
                  source.name(),
                  configuration,
                  SetupTools.ofThisSystem(),
                  source,
                  surroundings.failClosed(),
                  inherited.setup()),
              directory,
              surroundings);
      node.belongsToAnother();
      operations.use(node);
      return node;
    } catch (SetupException
        | IOException
        | RuntimeException
        | LinkageError
        | InterruptedException
        | RefusedException e) {
      LOG.debug("cannot take {} over", source.name(), e);
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    } finally {
      configuration.wipe();
    }
  }
}
