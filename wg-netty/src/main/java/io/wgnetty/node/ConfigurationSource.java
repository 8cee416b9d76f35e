package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.ConfigurationText;
import io.wgnetty.config.FileReplacement;
import io.wgnetty.config.Finding;
import io.wgnetty.config.RunningState;
import io.wgnetty.config.SecretPlaces;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.setup.ConfigurationSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that configures an interface, and is named for it.
 *
 * @param name the interface's name
 * @param rescueFiles where the running state goes if the file cannot be written
 */
record ConfigurationSource(Path file, String name, RescueFiles rescueFiles)
    implements ConfigurationSink {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationSource.class);

  /** A file with a thousand errors is not understood better by all of them. */
  private static final int MAX_SHOWN = 20;

  static ConfigurationSource of(Path file, RescueFiles rescueFiles) throws CommandFailure {
    try {
      return new ConfigurationSource(
          file.toAbsolutePath(),
          InterfaceName.check(ConfigurationFile.interfaceName(file)),
          rescueFiles);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(CommandFailure.firstLine(e));
    }
  }

  /**
   * What the file says now, without peers whose time is over; its warnings go to the log.
   *
   * @throws CommandFailure if it cannot be read or has errors; the message lists them
   */
  Configuration read() throws CommandFailure {
    return read(SecretPlaces.Use.NEEDED);
  }

  /** The same for who can do without keys that are elsewhere. */
  Configuration readWithoutKeys() throws CommandFailure {
    return read(SecretPlaces.Use.IF_POSSIBLE);
  }

  private Configuration read(SecretPlaces.Use keys) throws CommandFailure {
    ConfigurationResult result = result(keys);
    Configuration configuration = accepted(result);
    result.findings().forEach(finding -> LOG.warn("{}", finding.in(file)));
    return configuration.at(System.currentTimeMillis() / 1000);
  }

  /**
   * Makes sure that it can be used, and keeps nothing of it.
   *
   * @throws CommandFailure as {@link #read}
   */
  void check() throws CommandFailure {
    accepted(result(SecretPlaces.Use.NEEDED)).wipe();
  }

  private ConfigurationResult result(SecretPlaces.Use keys) throws CommandFailure {
    ConfigurationResult result;
    try {
      result = ConfigurationFile.read(file, ConfigurationFile.systemNames(keys));
    } catch (IOException e) {
      throw new CommandFailure(file + " cannot be read: " + CommandFailure.firstLine(e));
    }
    return result;
  }

  private Configuration accepted(ConfigurationResult result) throws CommandFailure {
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new CommandFailure(errors(result.findings()));
    }
    return configuration;
  }

  @Override
  public void save(Configuration running) throws IOException {
    save(running, Set.of());
  }

  /**
   * Writes the running state into the file: what says the same there stays, and so do comments. A
   * file that is gone is written anew.
   *
   * @throws IOException if it cannot be written, or has errors now: somebody is at work on it
   */
  @Override
  public void save(Configuration running, Set<PublicKey> removed) throws IOException {
    byte[] after = null;
    byte[] before = null;
    try {
      if (Files.exists(file)) {
        before = ConfigurationFile.bytes(file);
        after = changed(before, running, removed);
      } else {
        after = ConfigurationText.bytes(running);
      }
      FileReplacement.replace(file, after);
    } finally {
      wipe(before);
      wipe(after);
    }
  }

  private byte[] changed(byte[] before, Configuration running, Set<PublicKey> removed)
      throws IOException {
    Configuration said =
        ConfigurationReader.read(
                before, ConfigurationFile.systemNames(SecretPlaces.Use.IF_POSSIBLE))
            .configuration();
    if (said == null) {
      throw new IOException(
          file + " has errors by now, and is left as it is: wg-netty check " + file);
    }
    try {
      return RunningState.into(before, said, running, removed);
    } finally {
      said.wipe();
    }
  }

  private static void wipe(byte @Nullable [] text) {
    if (text != null) {
      Arrays.fill(text, (byte) 0);
    }
  }

  @Override
  public Path rescue(Configuration running) throws IOException {
    byte[] text = ConfigurationText.bytes(running);
    try {
      return rescueFiles.write(name, text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /** Says so if there is what an earlier run could not save. */
  void warnOfRescued() {
    for (Path rescued : rescueFiles.of(name)) {
      LOG.warn(
          "{} holds what an earlier run could not save to {}: compare them, and remove it",
          rescued,
          file);
    }
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
