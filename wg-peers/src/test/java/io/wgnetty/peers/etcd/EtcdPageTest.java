package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that come as they should, and others. */
class EtcdPageTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final long MANY_BYTES = 1 << 20;
  private static final String HEADER = "{\"header\":{\"revision\":\"7\"},";

  /** Says nothing until it is closed. */
  private static final class Silence extends InputStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("closed");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static String records(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"key\":\"YQ==\",\"create_revision\":\"" + i + "\",\"value\":\"Yg==\"}")
        .collect(Collectors.joining(",", "\"kvs\":[", "]"));
  }

  @Test
  void shouldGiveRecordsWhileTheyCome() throws IOException {
    String body = HEADER + records(2500) + ",\"more\":true,\"count\":\"9000\"}";
    try (var page = new EtcdPage(stream(body), MANY_BYTES, LONG)) {
      assertThat(page.next()).hasSize(1000);
      assertThat(page.revision()).isEqualTo(7);
      assertThat(page.next()).hasSize(1000).first().returns(1000L, EtcdRecord::createRevision);
      assertThat(page.next()).hasSize(500);
      assertThat(page.next()).isEmpty();
      assertThat(page.more()).isTrue();
    }
  }

  @Test
  void shouldHaveNoRecordsWhereThereAreNone() throws IOException {
    try (var page = new EtcdPage(stream(HEADER + "\"count\":\"0\"}"), MANY_BYTES, LONG)) {
      assertThat(page.next()).isEmpty();
      assertThat(page.more()).isFalse();
    }
  }

  @Test
  void shouldGiveUpWhoStopsInTheMiddle() throws IOException {
    String beginning = HEADER + records(1).replace("]", "");
    var body = new SequenceInputStream(stream(beginning), new Silence());
    try (var page = new EtcdPage(body, MANY_BYTES, Duration.ofMillis(50))) {
      assertThatThrownBy(page::next).hasMessage("etcd stops in the middle of an answer");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | etcd answered without a revision",
        "{\"kvs\":[]} | etcd answered without a revision",
        "{\"header\":{\"revision\":\"x\"}} | etcd answered with something else than expected",
        "{\"header\":{\"revision\":\"7\"},\"kvs\":{}} | etcd answered with something else than expected",
        "{\"header\":{\"revision\":\"7\"},\"kvs\":[{\"key\":\"!\"}]} | etcd answered with what is no base64",
      })
  void shouldRefuseWhatIsNoPage(String body, String why) throws IOException {
    try (var page = new EtcdPage(stream(body), MANY_BYTES, LONG)) {
      assertThatThrownBy(page::next).isInstanceOf(IOException.class).hasMessage(why);
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "'{'", "'['", "'{\"header\":'"})
  void shouldRefuseWhatBreaksOff(String body) throws IOException {
    try (var page = new EtcdPage(stream(body), MANY_BYTES, LONG)) {
      assertThatThrownBy(page::next).isInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldRefuseWhatDoesNotEnd() throws IOException {
    try (var page = new EtcdPage(stream(HEADER + records(900) + "}"), 1000, LONG)) {
      assertThatThrownBy(page::next).hasMessage("etcd answers without end");
    }
  }
}
