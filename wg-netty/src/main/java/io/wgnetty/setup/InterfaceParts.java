package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.SplittableRandom;

/**
 * All that is set up of one interface, part by part; each part knows what of it is ours.
 *
 * @param link as it was found
 */
record InterfaceParts(
    String name,
    Link link,
    DeviceControl device,
    KilledRun killedRun,
    Ipv6Switch ipv6,
    EndpointResolver resolver,
    EndpointNames names,
    WireGuardSettings wireGuard,
    InterfaceAddresses addresses,
    LinkMtu mtu,
    NameServers nameServers,
    AllowedIpRoutes routes,
    PolicyRouting policy,
    GatewayRules gateway,
    HookRunner hooks) {
  static InterfaceParts of(DeviceControl device, String name, SetupTools tools, boolean failClosed)
      throws SetupException {
    Link link = find(name, tools);
    var resolver = new EndpointResolver(tools.names());
    return new InterfaceParts(
        name,
        link,
        device,
        new KilledRun(name, tools.network()),
        new Ipv6Switch(name, tools.kernelSettings()),
        resolver,
        new EndpointNames(
            name, device, resolver, resolver.threads(), System::nanoTime, new SplittableRandom()),
        new WireGuardSettings(device),
        new InterfaceAddresses(tools.network(), link.index()),
        new LinkMtu(tools.network(), link.index()),
        new NameServers(name, tools.commands()),
        new AllowedIpRoutes(
            tools.network(), link.index(), new RefusedRoutes(name, tools.network(), failClosed)),
        new PolicyRouting(device, name, link.index(), tools),
        new GatewayRules(name, tools),
        new HookRunner(name, tools.commands()));
  }

  /** Writes down what of all that is there. */
  void save(StateWriter out) {
    routes.save(out);
    policy.save(out);
    nameServers.save(out);
    gateway.save(out);
    GroupLimits.save(device.limits(), out);
  }

  /** What {@link #save} wrote down is there, and ours. */
  void restore(StateReader in) throws SetupException, InterruptedException {
    routes.restore(in);
    policy.restore(in, addresses.present());
    nameServers.restore(in);
    gateway.restore(in);
    GroupLimits.restore(device.limits(), in);
    in.end();
  }

  /** The routes that a file asks for, as far as this system can have them. */
  RoutePlan plan(Configuration configuration) {
    return ipv6.possible(RoutePlan.of(configuration, link.index(), device::hasPeer));
  }

  private static Link find(String name, SetupTools tools) throws SetupException {
    try {
      Link link = tools.network().link(name);
      if (link == null) {
        throw new SetupException("interface", name, "is not in this network namespace");
      }
      return link;
    } catch (NetlinkException e) {
      throw new SetupException("interface", name, e);
    }
  }
}
