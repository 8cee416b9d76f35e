/**
 * UDP sockets as channels of batches: many datagrams in one system call, both ways, and what each
 * came with (protocol 4.4, 4.5, 8.3). Knows {@code pipeline} and Netty.
 */
@NullMarked
package io.wgnetty.udp;

import org.jspecify.annotations.NullMarked;
