/**
 * What outlives a run of an interface: for each peer that has called, where it was and the greatest
 * timestamp, in a small file, so that the next run refuses what was recorded before and calls those
 * that were alive. No keys but public ones.
 */
@NullMarked
package io.wgnetty.memory;

import org.jspecify.annotations.NullMarked;
