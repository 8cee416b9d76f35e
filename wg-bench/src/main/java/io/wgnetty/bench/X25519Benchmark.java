package io.wgnetty.bench;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.X25519;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time of a shared secret and of a public key. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class X25519Benchmark {
  @Param({"boringssl", "openssl", "bouncycastle", "jdk"})
  String provider;

  private final byte[] privateKey = new byte[X25519.KEY_BYTES];
  private final byte[] peer = new byte[X25519.KEY_BYTES];
  private final byte[] result = new byte[X25519.KEY_BYTES];
  private X25519 x25519;

  @Setup
  public void setUp() {
    x25519 = X25519Providers.named(provider);
    Arrays.fill(privateKey, (byte) 0x42);
    x25519.publicKey(privateKey, peer);
    Arrays.fill(privateKey, (byte) 0x23);
  }

  @Benchmark
  public byte[] agree() {
    if (!x25519.agree(privateKey, peer, result)) {
      throw new IllegalStateException("an honest key was refused");
    }
    return result;
  }

  @Benchmark
  public byte[] publicKey() {
    x25519.publicKey(privateKey, result);
    return result;
  }
}
