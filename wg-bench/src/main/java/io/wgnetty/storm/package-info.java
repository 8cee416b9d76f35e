/**
 * The load generator behind {@code bin/storm}: thousands of clients with keys and addresses of
 * their own, in one thread, against any WireGuard node. Knows {@code crypto} and {@code protocol};
 * datagrams go through {@link io.wgnetty.udp.ManySourceSocket}.
 */
@NullMarked
package io.wgnetty.storm;

import org.jspecify.annotations.NullMarked;
