package io.wgnetty.netlink;

/**
 * A network interface as the kernel tells of it.
 *
 * @param mtu in bytes
 */
public record Link(int index, String name, boolean up, int mtu) {}
