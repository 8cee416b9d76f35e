/**
 * A node among others that share its peers: tells the directory who is here, and hears from it who
 * is elsewhere.
 */
@NullMarked
package io.wgnetty.peers.cluster;

import org.jspecify.annotations.NullMarked;
