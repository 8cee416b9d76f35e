package io.wgnetty.device;

import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.AeadProviders;
import io.wgnetty.crypto.X25519;
import io.wgnetty.crypto.X25519Providers;
import io.wgnetty.peer.Timings;
import io.wgnetty.tun.TunDevice;

/**
 * How an interface is to be run.
 *
 * @param tun the interface; the device closes it at its end
 * @param aead which cipher implementation to use
 * @param x25519 which key agreement to use
 * @param handshakeWorkers how many threads compute handshakes
 * @param timings the protocol's time constants
 */
public record DeviceOptions(
    TunDevice tun, AeadProvider aead, X25519 x25519, int handshakeWorkers, Timings timings) {

  /**
   * The usual choice: the fastest primitives that this machine has, a worker for every core up to
   * four.
   */
  public static DeviceOptions of(TunDevice tun) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new DeviceOptions(
        tun,
        AeadProviders.fastest(),
        X25519Providers.fastest(),
        Math.clamp(cores, 1, 4),
        Timings.STANDARD);
  }
}
