package io.wgnetty.tun;

/** What the administrator has set of an interface: up or down, and its MTU in bytes. */
public record LinkState(boolean up, int mtu) {}
