package io.wgnetty.protocol;

import io.wgnetty.crypto.X25519;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Remembers every shared secret: its value to compare, its array to see it wiped. */
final class RecordedX25519 implements X25519 {
  private final X25519 delegate;
  private final List<String> secrets = new ArrayList<>();
  private final List<byte[]> liveArrays = new ArrayList<>();

  RecordedX25519(X25519 delegate) {
    this.delegate = delegate;
  }

  @Override
  public String name() {
    return delegate.name();
  }

  @Override
  public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
    boolean usable = delegate.agree(privateKey, publicKey, sharedSecret);
    secrets.add(HexFormat.of().formatHex(sharedSecret));
    liveArrays.add(privateKey);
    liveArrays.add(sharedSecret);
    return usable;
  }

  @Override
  public void publicKey(byte[] privateKey, byte[] publicKey) {
    delegate.publicKey(privateKey, publicKey);
    liveArrays.add(privateKey);
  }

  /** The results since the last call, in order. */
  List<String> takeSecrets() {
    List<String> taken = List.copyOf(secrets);
    secrets.clear();
    return taken;
  }

  /** Every array that held a private key or a shared secret, as it is now. */
  List<byte[]> liveArrays() {
    return liveArrays;
  }
}
