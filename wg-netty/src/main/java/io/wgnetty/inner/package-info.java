/**
 * The packets inside the tunnel, as far as a tunnel has to know them: whether they are IP and how
 * long, congestion marks, padding, and the answer to one that goes nowhere. Knows nothing of ours,
 * and no key: what is wrong here concerns a packet and never the secrecy of any.
 */
@NullMarked
package io.wgnetty.inner;

import org.jspecify.annotations.NullMarked;
