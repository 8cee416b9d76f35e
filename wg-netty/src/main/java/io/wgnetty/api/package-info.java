/**
 * The interfaces of this machine over HTTP: requests become what the commands do, with the same
 * checks and the same words. A process of its own that asks running nodes by their control sockets,
 * so that no node serves HTTP, and a node that is busy or gone does not keep others from being
 * asked.
 */
@NullMarked
package io.wgnetty.api;

import org.jspecify.annotations.NullMarked;
