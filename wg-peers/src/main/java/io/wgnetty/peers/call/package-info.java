/** Peers that are installed when they call: who waits for an answer, and how many may. */
@NullMarked
package io.wgnetty.peers.call;

import org.jspecify.annotations.NullMarked;
