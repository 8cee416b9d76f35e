/**
 * Tables of the kernel's packet filter (nf_tables), by netlink messages of our own: the program nft
 * need not be installed. Knows {@code netlink}'s messages and nothing of WireGuard.
 */
@NullMarked
package io.wgnetty.nftables;

import org.jspecify.annotations.NullMarked;
