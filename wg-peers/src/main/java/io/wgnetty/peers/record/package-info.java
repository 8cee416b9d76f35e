/** Peers as they lie in a directory: the format, reading it and writing it. Knows no sources. */
@NullMarked
package io.wgnetty.peers.record;

import org.jspecify.annotations.NullMarked;
