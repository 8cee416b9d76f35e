package io.wgnetty.peer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Arbitrary bytes in place of what another process tells of a peer ahead, and then. */
final class PeerStateAheadFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void restore(byte[] bytes) {
    byte[] ahead = PeerStateTest.savedAhead(PeerStateTest.livingPeer(PeerStateTest.shard(0, 0)));
    PeerStateTest.takeOrRefuse(ahead, bytes);
    int middle = bytes.length / 2;
    PeerStateTest.takeOrRefuse(
        Arrays.copyOf(bytes, middle), Arrays.copyOfRange(bytes, middle, bytes.length));
  }
}
