/**
 * Datagrams that came to another node than the one that has their session: handed on to it over
 * UDP, or taken in from it. Knows the chains' batches, and Netty.
 */
@NullMarked
package io.wgnetty.relay;

import org.jspecify.annotations.NullMarked;
