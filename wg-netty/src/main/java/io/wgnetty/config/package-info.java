/**
 * Configuration files as wg-quick has them: reading, checking, changing and writing them. Pure:
 * text in, values and findings out. Knows {@code crypto}, {@code protocol} and {@code peer}.
 */
@NullMarked
package io.wgnetty.config;

import org.jspecify.annotations.NullMarked;
