/**
 * Addresses, routes and rules of the kernel, by rtnetlink messages of our own: nothing has to be
 * installed for it. Knows {@code peer}'s prefixes and nothing of WireGuard.
 */
@NullMarked
package io.wgnetty.netlink;

import org.jspecify.annotations.NullMarked;
