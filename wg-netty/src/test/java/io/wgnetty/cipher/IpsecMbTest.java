package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What concerns libIPSec_MB alone; the rest is the same for all providers. */
class IpsecMbTest {
  private final Random random = new Random(5);

  @BeforeEach
  void assumeLibrary() {
    assumeTrue(IpsecMb.whyMissing().isEmpty(), IpsecMb::whyMissing);
  }

  /** So there is nothing of a key to overwrite but what lies on the library's stack. */
  @Test
  void shouldKeepNothingOfAKeyInTheManager() throws Throwable {
    NativeLibrary library =
        NativeLibrary.find(
            "wgnetty.ipsecmb",
            List.of("libIPSec_MB.so.2", "libIPSec_MB.so.1"),
            List.of("imb_get_mb_mgr_size"));
    MethodHandle size =
        library.function("imb_get_mb_mgr_size", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    long manager = IpsecMb.newManager();
    int managerBytes = Math.toIntExact((long) size.invokeExact());
    byte[] key = new byte[Aead.KEY_BYTES];
    random.nextBytes(key);
    try (IpsecMbCall call = new IpsecMbCall();
        NativePackets packets = new NativePackets()) {
      byte[] before = packets.read(manager, managerBytes);
      for (int length = 0; length <= 1500; length += 50) {
        long place = packets.place(new byte[length], Aead.TAG_BYTES);
        call.seal(place, place, length, length);
      }
      call.perform(manager, packets.key(key), IpsecMb.SEAL);
      assertThat(Arrays.equals(packets.read(manager, managerBytes), before)).isTrue();
    } finally {
      IpsecMb.freeManager(manager);
    }
  }

  @Test
  void shouldCompareEveryBitOfATag() {
    try (IpsecMbAead aead = new IpsecMbAead();
        NativePackets packets = new NativePackets()) {
      long key = packets.key(new byte[Aead.KEY_BYTES]);
      int runs = IpsecMbCall.MAX_PACKETS + 3; // more than one call takes
      AeadRun run = new AeadRun(runs);
      for (int i = 0; i < runs; i++) {
        long place = packets.place(new byte[20], Aead.TAG_BYTES);
        run.add(place, place, 20, i);
      }
      aead.seal(key, run);
      for (int i = 0; i < runs; i++) {
        int bit = i % 128;
        byte[] tag = packets.read(run.source(i) + 20, Aead.TAG_BYTES);
        tag[bit / 8] ^= (byte) (1 << (bit % 8));
        Memory.write(tag, 0, run.source(i) + 20, Aead.TAG_BYTES);
      }
      AeadRun opening = new AeadRun(runs);
      for (int i = 0; i < runs; i++) {
        opening.add(run.source(i), run.source(i), 36, i);
      }
      assertThat(aead.open(key, opening)).isZero();
    }
  }
}
