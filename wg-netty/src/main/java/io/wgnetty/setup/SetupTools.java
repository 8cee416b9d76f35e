package io.wgnetty.setup;

import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Rtnetlink;
import io.wgnetty.nftables.FilterTables;
import io.wgnetty.nftables.Nftables;
import java.io.IOException;
import java.util.Map;

/**
 * What setting up needs of the world around.
 *
 * @param environment the variables of this process
 */
public record SetupTools(
    KernelNetwork network,
    FilterTables filterTables,
    CommandRunner commands,
    NameLookup names,
    KernelSettings kernelSettings,
    Map<String, String> environment) {
  public SetupTools {
    environment = Map.copyOf(environment);
  }

  /** The system that this process runs on, as the calling thread sees it. */
  public static SetupTools ofThisSystem() throws IOException {
    return new SetupTools(
        Rtnetlink.open(),
        new Nftables(),
        new SystemCommands(System.getenv()),
        new SystemNames(),
        new ProcSettings(),
        System.getenv());
  }
}
