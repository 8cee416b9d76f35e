/**
 * Primitives: BLAKE2s and its KDF, TAI64N, key types that can be wiped, the memory of session keys,
 * and what {@code cipher} has to provide: {@link Aead} and {@link X25519}. Knows no library, no
 * socket, no clock and no thread.
 */
@NullMarked
package io.wgnetty.crypto;

import org.jspecify.annotations.NullMarked;
