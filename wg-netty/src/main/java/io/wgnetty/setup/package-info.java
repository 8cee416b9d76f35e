/**
 * From a configuration file to a working interface and back: the steps of wg-quick, each with its
 * undoing, and the comparison of a file with what runs. Knows {@code config}, {@code netlink} and
 * {@code device}.
 */
@NullMarked
package io.wgnetty.setup;

import org.jspecify.annotations.NullMarked;
