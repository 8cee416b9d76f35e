/**
 * The libraries that compute for {@code crypto}: bindings for ChaCha20-Poly1305 and X25519, the
 * self-tests that each must pass, and the choice of the fastest by measurement. Knows the JDK,
 * BouncyCastle, libcrypto and libIPSec_MB; nothing of the protocol knows it.
 */
@NullMarked
package io.wgnetty.cipher;

import org.jspecify.annotations.NullMarked;
