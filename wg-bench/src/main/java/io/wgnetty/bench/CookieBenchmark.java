package io.wgnetty.bench;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a stranger's initiation of 148 bytes costs the data loop. */
@NullUnmarked // JMH sets the fields
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class CookieBenchmark {
  private static final int INITIATION_BYTES = 148;

  private final SecureRandom random = new SecureRandom();
  private final Endpoint source = Endpoint.ipv4(0xc0000201, 51820);
  private final byte[] junk = new byte[INITIATION_BYTES];
  private final byte[] stamped = new byte[INITIATION_BYTES];
  private Aead aead;
  private CookieChecker checker;

  @Setup
  public void setUp() {
    X25519 x25519 = X25519Providers.fastest();
    aead = AeadProviders.fastest().create();
    LocalIdentity local = new LocalIdentity(PrivateKey.generate(random), x25519);
    checker = new CookieChecker(local, aead, random);
    new CookieJar(new RemoteIdentity(local.publicKey())).stamp(stamped, 0);
    checker.reply(stamped, source, 0);
  }

  @TearDown
  public void tearDown() {
    aead.close();
  }

  /** From somebody who does not know our key. */
  @Benchmark
  public boolean mac1OfJunk() {
    return checker.checkMac1(junk);
  }

  /** From somebody who does. */
  @Benchmark
  public boolean mac1() {
    return checker.checkMac1(stamped);
  }

  /** Under load: neither has it a cookie. */
  @Benchmark
  public boolean mac2OfZeros() {
    return checker.checkMac2(stamped, source, 0);
  }

  /** Under load: all that is done before the reply is sent. */
  @Benchmark
  public byte[] cookieReply() {
    return checker.checkMac1(stamped) && !checker.checkMac2(stamped, source, 0)
        ? checker.reply(stamped, source, 0)
        : stamped;
  }
}
