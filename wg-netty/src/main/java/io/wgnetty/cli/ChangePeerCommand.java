package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.node.CommandFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Settings of a peer become others. */
@Command(
    name = "change-peer",
    description = {
      "Changes settings of a peer, in the file and in the running node.",
      "",
      "Lines of the file that say something else are replaced; everything else stays, and so does"
          + " the session unless the pre-shared key is another. The client's file is not known here:"
          + " what it has to say otherwise is its owner's to change."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty change-peer wg0 phone --expires 2030-12-31",
      "  wg-netty change-peer wg0 office --site 192.168.8.0/24",
      "  wg-netty change-peer wg0 phone --limit off --expires never"
    })
final class ChangePeerCommand extends PeerEditCommand {
  private static final String NONE = "none";
  private static final int MAX_KEEPALIVE_SECONDS = 65535;

  @Option(
      names = "--allowed-ips",
      paramLabel = "LIST",
      description = "What is accepted from the peer and sent to it, as in wg, and nothing else.")
  private @Nullable String allowedIps;

  @Option(
      names = "--site",
      paramLabel = "PREFIX",
      split = ",",
      description = "A network behind the peer, beside what it has. May be repeated.")
  private List<String> sites = List.of();

  @Option(
      names = "--endpoint",
      paramLabel = "HOST:PORT",
      description = "Where the peer is found; none if it calls.")
  private @Nullable String endpoint;

  @Option(
      names = "--keepalive",
      paramLabel = "SECONDS",
      description = "How often this node sends it a keepalive; 0 for never.")
  private @Nullable Integer keepalive;

  @Mixin private PeerSettingOptions more = new PeerSettingOptions();

  ChangePeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  Edit edit(Configuration file, PeerSettings before, KnownPeer peer) throws CommandFailure {
    boolean any =
        allowedIps != null
            || !sites.isEmpty()
            || endpoint != null
            || keepalive != null
            || more.any();
    if (!any) {
      throw CommandFailure.usage("what is to change? wg-netty change-peer --help");
    }
    if (keepalive != null && (keepalive < 0 || keepalive > MAX_KEEPALIVE_SECONDS)) {
      throw CommandFailure.usage("--keepalive: seconds from 0 to " + MAX_KEEPALIVE_SECONDS);
    }
    PresharedKey shared = more.presharedKey(context.streams().in(), this::note);
    if (shared != null && before.presharedKeyFile() != null) {
      shared.wipe();
      throw new CommandFailure(
          "the pre-shared key of "
              + peer.shown()
              + " is in "
              + before.presharedKeyFile()
              + ": change it there, then wg-netty reload");
    }
    var after =
        new PeerSettings(
            before.publicKey(),
            shared == null ? before.presharedKey() : shared,
            allowedIps(before),
            endpoint(before),
            keepalive == null ? before.keepaliveSeconds() : keepalive,
            before.label(),
            more.limit(before.limit()),
            more.notAfter(before.notAfter()),
            before.presharedKeyFile());
    if (!peer.disabled()) {
      PrefixCheck.free(file, after);
    }
    boolean over = after.isOver(Instant.now().getEpochSecond());
    return new Edit(
        text -> ConfigurationEditor.changePeer(text, before, after),
        after,
        !peer.disabled() && !over,
        "changed peer " + peer.shown());
  }

  private List<IpPrefix> allowedIps(PeerSettings before) throws CommandFailure {
    Set<IpPrefix> prefixes =
        new LinkedHashSet<>(
            allowedIps == null
                ? before.allowedIps()
                : PeerSettingOptions.read("--allowed-ips", allowedIps, PeerWish::prefixes));
    prefixes.addAll(PeerSettingOptions.read("--site", String.join(",", sites), PeerWish::prefixes));
    return new ArrayList<>(prefixes);
  }

  private @Nullable EndpointName endpoint(PeerSettings before) throws CommandFailure {
    if (endpoint == null) {
      return before.endpoint();
    }
    return endpoint.equals(NONE)
        ? null
        : PeerSettingOptions.read("--endpoint", endpoint, PeerFields::endpoint);
  }
}
