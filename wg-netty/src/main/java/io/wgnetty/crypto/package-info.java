/**
 * Primitives: BLAKE2s and its KDF, X25519, ChaCha20-Poly1305 providers, TAI64N, and key types that
 * can be wiped. Knows the JDK, BouncyCastle and libcrypto; knows no socket, no clock and no thread.
 */
@NullMarked
package io.wgnetty.crypto;

import org.jspecify.annotations.NullMarked;
