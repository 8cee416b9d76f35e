package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkMessageTest {
  private static final int OTHER_ATTRIBUTE = 32;

  private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  @Test
  void shouldReadStateMtuAndName() {
    link(LinkMessage.RTM_NEWLINK, 0, 7, 1, attribute(OTHER_ATTRIBUTE, 5), mtu(1380), name("wg0"));

    assertThat(parsed()).containsExactly(new LinkMessage.Present(7, true, 1380, "wg0"));
  }

  @Test
  void shouldReadDownFromAClearFlagWhateverTheOthers() {
    link(LinkMessage.RTM_NEWLINK, 0, 7, 0xfffffffe, mtu(1420));

    assertThat(parsed()).containsExactly(new LinkMessage.Present(7, false, 1420, ""));
  }

  @Test
  void shouldReadSeveralMessagesAndPassOverOthers() {
    link(LinkMessage.RTM_NEWLINK, 0, 7, 1, mtu(1420));
    link(20, 0, 9, 1); // RTM_NEWADDR
    link(LinkMessage.RTM_DELLINK, 0, 7, 0, name("odd"));
    error(-Errno.ENODEV);
    error(0); // an acknowledgement

    assertThat(parsed())
        .containsExactly(
            new LinkMessage.Present(7, true, 1420, ""),
            new LinkMessage.Left(7),
            new LinkMessage.Refused(Errno.ENODEV));
  }

  @Test
  void shouldNotTakeLeavingABridgeForLeaving() {
    link(LinkMessage.RTM_DELLINK, 7 /* AF_BRIDGE */, 7, 0);

    assertThat(parsed()).isEmpty();
  }

  @Test
  void shouldSurviveEveryTruncation() {
    link(LinkMessage.RTM_NEWLINK, 0, 7, 1, name("wg0"), mtu(1420));
    int length = bytes.position();
    for (int cut = 0; cut < length; cut++) {
      // A message that is not complete says nothing, because its state might be cut as well.
      assertThat(LinkMessage.parse(bytes.slice(0, cut))).as("cut to %d", cut).isEmpty();
    }
  }

  @Test
  void shouldStopAtAnAttributeThatOverrunsItsMessage() {
    link(LinkMessage.RTM_NEWLINK, 0, 7, 1, mtu(1420), name("wg0"));
    int attributes = LinkMessage.HEADER_BYTES + LinkMessage.LINK_BYTES;
    for (int length : new int[] {0, 3, 5, 0xffff}) {
      bytes.putShort(attributes, (short) length);
      assertThat(parsed()).as("attribute length %d", length).hasSize(1);
    }
  }

  @Test
  void shouldSurviveGarbage() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = new byte[random.nextInt(128)];
      random.nextBytes(garbage);
      ByteBuffer in = ByteBuffer.wrap(garbage).order(ByteOrder.nativeOrder());
      if (garbage.length >= 6 && random.nextBoolean()) { // let it past the first checks
        in.putInt(0, garbage.length - random.nextInt(3) + 1);
        in.putShort(4, (short) (LinkMessage.RTM_NEWLINK + random.nextInt(2)));
      }
      List<LinkMessage> messages;
      try {
        messages = LinkMessage.parse(in);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
      assertThat(messages.size()).as("seed %d", seed).isLessThanOrEqualTo(garbage.length / 16);
    }
  }

  @Test
  void shouldSurviveLengthsAtTheEdgeOfAnInt() {
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 15}) {
      bytes.putInt(0, length);
      assertThat(LinkMessage.parse(bytes.slice(0, 64))).isEmpty();
    }
  }

  @Test
  void shouldAskForALinkByName() {
    ByteBuffer request = LinkMessage.request("wg0", 5);

    assertThat(request.remaining()).isEqualTo(40);
    assertThat(request.getInt(0)).isEqualTo(40);
    assertThat(request.getShort(4)).isEqualTo((short) 18);
    assertThat(request.getShort(6)).isEqualTo((short) 1);
    assertThat(request.getInt(8)).isEqualTo(5);
    assertThat(request.getShort(32)).isEqualTo((short) 8);
    assertThat(request.getShort(34)).isEqualTo((short) 3);
    assertThat(request.getInt(20)).as("index").isZero();
    assertThat(request.slice(36, 4)).isEqualTo(ByteBuffer.wrap(new byte[] {'w', 'g', '0', 0}));
  }

  private List<LinkMessage> parsed() {
    return LinkMessage.parse(bytes.duplicate().order(ByteOrder.nativeOrder()).flip());
  }

  private void link(int type, int family, int index, int flags, byte[]... attributes) {
    int start = bytes.position();
    bytes.putInt(0).putShort((short) type).putShort((short) 0).putInt(1).putInt(0);
    bytes.put((byte) family).put((byte) 0).putShort((short) 0xfffe);
    bytes.putInt(index).putInt(flags).putInt(0);
    for (byte[] attribute : attributes) {
      bytes.put(attribute);
    }
    bytes.putInt(start, bytes.position() - start);
  }

  private void error(int code) {
    bytes.putInt(36).putShort((short) LinkMessage.NLMSG_ERROR).putShort((short) 0);
    bytes.putInt(1).putInt(0).putInt(code).put(new byte[16]);
  }

  private static byte[] mtu(int mtu) {
    return attribute(LinkMessage.IFLA_MTU, mtu);
  }

  private static byte[] attribute(int type, int value) {
    ByteBuffer b = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    return b.putShort((short) 8).putShort((short) type).putInt(value).array();
  }

  private static byte[] name(String name) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    int length = 4 + ascii.length + 1;
    ByteBuffer b = ByteBuffer.allocate((length + 3) & -4).order(ByteOrder.nativeOrder());
    return b.putShort((short) length).putShort((short) LinkMessage.IFLA_IFNAME).put(ascii).array();
  }
}
