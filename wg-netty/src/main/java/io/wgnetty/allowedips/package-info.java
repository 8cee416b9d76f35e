/**
 * The cryptokey routing table: which owner an inner address belongs to. A multi-bit trie that one
 * thread changes and any number of threads read without a lock. Knows nothing of peers: an owner is
 * whatever keeps the list of its own prefixes.
 */
@NullMarked
package io.wgnetty.allowedips;

import org.jspecify.annotations.NullMarked;
