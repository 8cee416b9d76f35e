/**
 * Accounting by RADIUS (RFC 2866): when peers were connected and what they carried, told to a
 * server. Loaded when it is asked for and not before.
 */
@NullMarked
package io.wgnetty.radius;

import org.jspecify.annotations.NullMarked;
