/**
 * What an operator sees of a running interface: counters of drops by stage and reason. Knows {@code
 * device}.
 */
@NullMarked
package io.wgnetty.observe;

import org.jspecify.annotations.NullMarked;
