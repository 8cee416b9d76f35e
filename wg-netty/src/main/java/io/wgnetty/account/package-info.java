/**
 * What peers have carried in all, over restarts and reloads: totals with a generation, and days, in
 * files of the interface's own.
 */
@NullMarked
package io.wgnetty.account;

import org.jspecify.annotations.NullMarked;
