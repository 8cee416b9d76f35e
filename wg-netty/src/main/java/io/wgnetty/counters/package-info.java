/**
 * What is counted, and why packets and messages went no further: reasons, the stage to which each
 * belongs, and the counters of one owner's thread. Knows nothing else of ours.
 */
@NullMarked
package io.wgnetty.counters;

import org.jspecify.annotations.NullMarked;
