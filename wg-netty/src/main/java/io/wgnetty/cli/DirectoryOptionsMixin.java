package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.setup.DirectoryOptions;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where a node has more peers from. */
final class DirectoryOptionsMixin {
  private static final Pattern TIME = Pattern.compile("([0-9]{1,8})([smhd])");

  @Option(
      names = "--peers",
      paramLabel = "SOURCE",
      description =
          "More peers, beside the file's: dir:/FOLDER, etcd://HOST:PORT[,HOST:PORT...]/PREFIX, etcds:"
              + " with TLS, http(s)://HOST/PATH/{key}.")
  private @Nullable String source;

  @Option(
      names = "--peers-on-call",
      description = "Installs a peer of --peers when it calls, and not before.")
  private boolean onCall;

  @Option(
      names = "--peers-idle",
      paramLabel = "TIME",
      description = "How long such a peer stays without a session: 30m unless given.")
  private @Nullable String idle;

  @Option(
      names = "--peers-ttl",
      paramLabel = "TIME",
      description = "How long a record of a web service is believed: 1m unless given.")
  private @Nullable String timeToLive;

  @Mixin private DirectoryAccessMixin access = new DirectoryAccessMixin();

  DirectoryOptions options() throws CommandFailure {
    return access.options(
        source,
        onCall,
        time("--peers-idle", idle, DirectoryOptions.IDLE),
        time("--peers-ttl", timeToLive, DirectoryOptions.TIME_TO_LIVE));
  }

  private static Duration time(String option, @Nullable String text, Duration unlessGiven)
      throws CommandFailure {
    if (text == null) {
      return unlessGiven;
    }
    Matcher matcher = TIME.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    if (number == 0) {
      throw CommandFailure.usage(option + ": a time such as 90s, 30m, 12h or 1d, not " + text);
    }
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
