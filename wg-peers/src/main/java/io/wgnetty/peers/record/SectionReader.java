package io.wgnetty.peers.record;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.Finding;
import io.wgnetty.config.PeerSettings;
import java.util.List;
import java.util.stream.Stream;

/** Reads records that are {@code [Peer]} sections, of a file for one peer or for many. */
public final class SectionReader {
  private SectionReader() {}

  /** The one peer of a text. */
  public static PeerRecord one(byte[] text) throws RecordException {
    List<PeerRecord> all = all(text);
    if (all.size() != 1) {
      all.forEach(PeerRecord::wipe);
      throw new RecordException("has " + all.size() + " [Peer] sections instead of one");
    }
    return all.getFirst();
  }

  /** All peers of a text; what it says of an interface is passed over. */
  public static List<PeerRecord> all(byte[] text) throws RecordException {
    ConfigurationResult result = ConfigurationReader.read(text);
    Configuration configuration = result.configuration();
    if (configuration == null) {
      Finding first =
          result.findings().stream()
              .filter(finding -> finding.severity() == Finding.Severity.ERROR)
              .findFirst()
              .orElseThrow();
      throw new RecordException(
          "line %d: %s%s"
              .formatted(
                  first.line(), first.key().isEmpty() ? "" : first.key() + ": ", first.message()));
    }
    if (configuration.settings().privateKey() != null) {
      configuration.settings().privateKey().wipe();
    }
    checkSecrets(configuration);
    return Stream.concat(
            configuration.peers().stream().map(PeerRecord::of),
            configuration.barred().stream().map(PeerRecord::of).map(PeerRecord::asDisabled))
        .toList();
  }

  private static void checkSecrets(Configuration configuration) throws RecordException {
    for (PeerSettings peer : configuration.peers()) {
      String elsewhere = peer.presharedKeyFile();
      if (elsewhere != null && !elsewhere.startsWith("/")) {
        configuration.wipe();
        throw new RecordException(
            peer.publicKey() + ": a record's pre-shared key is in a file with an absolute path");
      }
    }
  }
}
