package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.ConfigurationText;
import io.wgnetty.config.FileReplacement;
import io.wgnetty.config.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that configures an interface, and is named for it.
 *
 * @param name the interface's name
 */
record ConfigurationSource(Path file, String name) {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationSource.class);

  /** A file with a thousand errors is not understood better by all of them. */
  private static final int MAX_SHOWN = 20;

  static ConfigurationSource of(Path file) throws CommandFailure {
    try {
      return new ConfigurationSource(
          file.toAbsolutePath(), InterfaceName.check(ConfigurationFile.interfaceName(file)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.firstLine(e));
    }
  }

  /**
   * What the file says now; its warnings go to the log.
   *
   * @throws CommandFailure if it cannot be read or has errors; the message lists them
   */
  Configuration read() throws CommandFailure {
    ConfigurationResult result;
    try {
      result = ConfigurationFile.read(file);
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + CommandFailure.firstLine(e));
    }
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new CommandFailure(errors(result.findings()));
    }
    result.findings().forEach(finding -> LOG.warn("{}", finding.in(file)));
    return configuration;
  }

  /** Writes the running state to the file, as {@code SaveConfig} asks. */
  void save(Configuration running) throws IOException {
    FileReplacement.replace(file, ConfigurationText.render(running));
  }

  private String errors(List<Finding> findings) {
    List<Finding> errors =
        findings.stream().filter(one -> one.severity() == Finding.Severity.ERROR).toList();
    String text =
        errors.stream()
            .limit(MAX_SHOWN)
            .map(finding -> "\n" + finding.in(file))
            .collect(Collectors.joining());
    int more = errors.size() - MAX_SHOWN;
    return file
        + " has errors:"
        + text
        + (more > 0 ? "\nand " + more + " more: wg-netty check " + file : "");
  }
}
