package io.wgnetty.bench;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time to seal or open one packet: in a run of 32 under one key, and alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class AeadBenchmark {
  private static final int RUN = 32;

  /** Apart like the packets of a batch. */
  private static final int STRIDE_BYTES = 1536;

  /** IPv4 and TCP with a time stamp; smaller for the small packets, whose payload is not. */
  private static final int HEADER_BYTES = 52;

  @Param({"ipsec-mb", "boringssl", "openssl", "jdk"})
  String provider;

  @Param({"64", "1424"})
  int lengthBytes;

  private final AeadRun sealing = new AeadRun(RUN);
  private final AeadRun segments = new AeadRun(RUN);
  private final AeadRun opening = new AeadRun(RUN);
  private final AeadRun sealingOne = new AeadRun(1);
  private final Arena arena = Arena.ofShared();
  private Aead aead;
  private long keyAddress;
  private long sourceAddress;
  private long destinationAddress;
  private long counter;

  @Setup(Level.Trial)
  public void setUp() {
    aead = AeadProviders.named(provider).create();
    MemorySegment key = arena.allocate(Aead.KEY_BYTES);
    key.fill((byte) 0x5a);
    keyAddress = key.address();
    long plain = arena.allocate((long) RUN * STRIDE_BYTES, 64).address();
    long sealed = arena.allocate((long) RUN * STRIDE_BYTES, 64).address();
    long headers = arena.allocate((long) RUN * 64).address();
    for (int i = 0; i < RUN; i++) {
      long offset = (long) i * STRIDE_BYTES + 16; // a transport header lies before
      sealing.add(plain + offset, sealed + offset, lengthBytes, i);
      // A super-packet's payload lies without gaps, and each segment's header before its own.
      segments.add(
          headers + i * 64L,
          HEADER_BYTES,
          plain + (long) i * (lengthBytes - HEADER_BYTES),
          sealed + offset,
          lengthBytes,
          i);
      opening.add(sealed + offset, plain + offset, lengthBytes + Aead.TAG_BYTES, i);
    }
    sourceAddress = plain + 16;
    destinationAddress = sealed + 16;
    aead.seal(keyAddress, sealing);
  }

  @TearDown(Level.Trial)
  public void tearDown() {
    aead.close();
    arena.close();
  }

  @Benchmark
  @OperationsPerInvocation(RUN)
  public void sealRun() {
    aead.seal(keyAddress, sealing);
  }

  @Benchmark
  @OperationsPerInvocation(RUN)
  public void sealSegments() {
    aead.seal(keyAddress, segments);
  }

  @Benchmark
  @OperationsPerInvocation(RUN)
  public void openRun() {
    if (aead.open(keyAddress, opening) != RUN) {
      throw new IllegalStateException("a packet was refused");
    }
  }

  @Benchmark
  public void sealOne() {
    sealingOne.clear();
    // The JDK's cipher is slow at a counter that it has just seen.
    sealingOne.add(sourceAddress, destinationAddress, lengthBytes, counter++);
    aead.seal(keyAddress, sealingOne);
  }
}
