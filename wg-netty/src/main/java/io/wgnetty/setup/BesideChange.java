package io.wgnetty.setup;

import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A peer beside those of the file comes, changes or goes.
 *
 * @param before what it was made of; {@code null} if it comes
 * @param after what it is to be; {@code null} if it goes
 */
public record BesideChange(
    PublicKey key, @Nullable PeerSettings before, @Nullable PeerSettings after) {}
