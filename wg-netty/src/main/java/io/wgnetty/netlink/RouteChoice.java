package io.wgnetty.netlink;

/**
 * Where the kernel would send a packet.
 *
 * @param linkIndex the interface that it leaves by
 * @param mtu what the route itself allows, 0 if that is left to the interface
 */
public record RouteChoice(int linkIndex, int mtu) {}
