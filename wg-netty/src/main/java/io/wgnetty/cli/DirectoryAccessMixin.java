package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.setup.DirectoryOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that reaches a directory of peers. */
final class DirectoryAccessMixin {
  @Option(names = "--peers-user", paramLabel = "NAME", description = "User of etcd.")
  private @Nullable String user;

  @Option(
      names = "--peers-password-file",
      paramLabel = "FILE",
      description = "Holds the password of --peers-user in its first line.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--peers-token-file",
      paramLabel = "FILE",
      description = "Holds the bearer token for a web service in its first line.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--peers-ca",
      paramLabel = "FILE",
      description = "Certificates (PEM) by which servers are checked; the JVM's unless given.")
  private @Nullable Path authorities;

  @Option(
      names = "--peers-cert",
      paramLabel = "FILE",
      description = "Certificate (PEM) that is shown to servers.")
  private @Nullable Path certificate;

  @Option(
      names = "--peers-key",
      paramLabel = "FILE",
      description = "Private key (PEM, PKCS #8) of --peers-cert.")
  private @Nullable Path key;

  DirectoryOptions options(
      @Nullable String source, boolean onCall, Duration idle, Duration timeToLive)
      throws CommandFailure {
    if ((user == null) != (passwordFile == null)) {
      throw CommandFailure.usage("--peers-user and --peers-password-file go together");
    }
    if ((certificate == null) != (key == null)) {
      throw CommandFailure.usage("--peers-cert and --peers-key go together");
    }
    return new DirectoryOptions(
        source,
        onCall,
        idle,
        timeToLive,
        user,
        absolute(passwordFile),
        absolute(tokenFile),
        absolute(authorities),
        absolute(certificate),
        absolute(key));
  }

  private static @Nullable Path absolute(@Nullable Path path) {
    return path == null ? null : path.toAbsolutePath();
  }
}
