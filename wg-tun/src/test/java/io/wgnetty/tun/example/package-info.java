/** What a user of this module writes. */
@NullMarked
package io.wgnetty.tun.example;

import org.jspecify.annotations.NullMarked;
