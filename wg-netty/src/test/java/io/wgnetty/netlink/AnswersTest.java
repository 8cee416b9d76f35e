package io.wgnetty.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static ByteBuffer message(int type, int flags, byte[] body) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + body.length).order(ByteOrder.nativeOrder());
    bytes.putInt(16 + body.length).putShort((short) type).putShort((short) flags);
    return bytes.putInt(7).putInt(0).put(body).flip();
  }

  private static byte[] error(int errno, String words) {
    byte[] text = (words + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer body = ByteBuffer.allocate(20 + 4 + text.length).order(ByteOrder.nativeOrder());
    body.putInt(-errno).position(20);
    return body.putShort((short) (4 + text.length)).putShort((short) 1).put(text).array();
  }

  @Test
  void shouldTellTheKernelsOwnWords() {
    int flags = Constants.NLM_F_CAPPED | Constants.NLM_F_ACK_TLVS;
    byte[] body = error(Errno.EEXIST, "ipv4: Address already assigned");
    NetlinkException refusal =
        AnswerMessage.parse(message(Constants.NLMSG_ERROR, flags, body)).getFirst().refusal();
    assertThat(refusal)
        .hasMessage("ipv4: Address already assigned (File exists, errno 17)")
        .returns(Errno.EEXIST, NetlinkException::errno);
  }

  @Test
  void shouldTellWhatToDoWithoutPrivilege() {
    NetlinkException refusal =
        AnswerMessage.parse(message(Constants.NLMSG_ERROR, 0, error(Errno.EPERM, "")))
            .getFirst()
            .refusal();
    assertThat(refusal).hasMessageContaining("CAP_NET_ADMIN");
  }

  @Test
  void shouldTakeAnAcknowledgementForNoRefusal() {
    byte[] body = new byte[20];
    assertThat(AnswerMessage.parse(message(Constants.NLMSG_ERROR, 0, body)).getFirst().refusal())
        .isNull();
  }

  @Test
  void shouldStandAnyBytes() {
    long seed = System.nanoTime();
    System.out.println("AnswersTest.shouldStandAnyBytes: seed " + seed);
    Random random = new Random(seed);
    int[] types = {2, 3, 16, 20, 24, 32};
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[random.nextInt(80)];
      random.nextBytes(body);
      ByteBuffer bytes = message(types[random.nextInt(types.length)], random.nextInt(), body);
      bytes.limit(16 + random.nextInt(body.length + 1));
      for (AnswerMessage answer : AnswerMessage.parse(bytes)) {
        assertThat(answer.sequence()).isEqualTo(7);
        readAll(answer);
      }
    }
  }

  private static void readAll(AnswerMessage answer) {
    Object unusedRefusal = answer.refusal();
    Object unusedLink = Answers.link(answer);
    Object unusedAddress = Answers.address(answer, answer.u32(4));
    Object unusedRule = Answers.rule(answer);
    Object unusedChoice = Answers.choice(answer);
    Object unusedRoute = Answers.route(answer, answer.u8(4));
  }
}
