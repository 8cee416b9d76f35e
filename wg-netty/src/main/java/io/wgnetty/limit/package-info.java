/**
 * What one peer, or a group of them, may carry in a second or a month: the words for it, the pace,
 * and the packets that wait for their turn. Knows no peer, no socket, no clock and no thread.
 */
@NullMarked
package io.wgnetty.limit;

import org.jspecify.annotations.NullMarked;
