/**
 * How a running process gives its interfaces to the one that takes its place: the messages between
 * both, their order, and what becomes of it when either fails.
 */
@NullMarked
package io.wgnetty.handover;

import org.jspecify.annotations.NullMarked;
