/**
 * Where records come from: what every source can do, a folder, a web service. Knows records and
 * nothing of plans.
 */
@NullMarked
package io.wgnetty.peers.source;

import org.jspecify.annotations.NullMarked;
