package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.source.Heard;
import io.wgnetty.peers.source.LookedUp;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.peers.source.Web;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing and watching, with a member that behaves as badly as one can. */
class EtcdSourceTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final PublicKey KEY =
      PublicKey.fromBase64("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");

  @TempDir Path folder;
  private FakeEtcd etcd;
  private final Heard heard = new Heard();
  private @Nullable EtcdSource source;
  private @Nullable Thread thread;

  @BeforeEach
  void begin() throws IOException {
    etcd = new FakeEtcd();
  }

  @AfterEach
  void end() throws InterruptedException {
    if (source != null) {
      source.close();
    }
    if (thread != null) {
      thread.join(LIMIT.toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
    etcd.close();
  }

  private EtcdSource open(@Nullable Path password, URI... members) {
    var opened =
        new EtcdSource(
            new EtcdGateway(
                List.of(members),
                new Web(null, Duration.ofSeconds(20)),
                password == null ? null : "us",
                password),
            "/wg/");
    source = opened;
    return opened;
  }

  private void follow() {
    EtcdSource followed = source == null ? open(null, etcd.uri()) : source;
    thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    followed.follow(heard);
                  } catch (InterruptedException e) {
                    // the end
                  }
                });
  }

  private String text(String name) {
    StoredRecord stored = heard.records.get(name);
    return stored == null || stored.text() == null ? "" : new String(stored.text(), UTF_8);
  }

  private void awaitText(String name, String text) {
    await().atMost(LIMIT).until(() -> text(name).equals(text));
  }

  @Test
  void shouldListAndThenTellOfEveryChange() {
    etcd.put("/wg/a", "1");
    etcd.put("/other", "x");
    follow();
    awaitText("a", "1");
    assertThat(Objects.requireNonNull(heard.records.get("a")).order()).isEqualTo(2);

    etcd.put("/wg/b", "2");
    etcd.put("/wg/a", "3");
    awaitText("b", "2");
    awaitText("a", "3");
    etcd.delete("/wg/b");
    await().atMost(LIMIT).until(() -> !heard.records.containsKey("b"));
    assertThat(heard.listings).hasValue(1);
    assertThat(heard.records).containsOnlyKeys("a");
  }

  @Test
  void shouldListInPages() {
    for (int i = 0; i < 9001; i++) {
      etcd.put("/wg/%05d".formatted(i), "x");
    }
    follow();
    await().atMost(LIMIT).until(() -> heard.listings.get() == 1);
    assertThat(heard.records).hasSize(9001);
    assertThat(etcd.ranges.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void shouldListShortRecordsInLongPages() {
    for (int i = 0; i < 30_000; i++) {
      etcd.put("/wg/%05d".formatted(i), "x");
    }
    follow();
    await().atMost(LIMIT).until(() -> heard.listings.get() == 1);
    assertThat(heard.records).hasSize(30_000);
    // Two pages, and what asks whether somebody is there.
    assertThat(etcd.ranges.get()).isLessThan(7);
  }

  @Test
  void shouldGoOnWhereItWasWhenTheStreamIsCut() {
    follow();
    await().atMost(LIMIT).until(() -> etcd.watches.get() == 1);
    for (int i = 0; i < 5; i++) {
      etcd.put("/wg/" + i, "x");
      if (i % 2 == 0) {
        etcd.cutWatches();
      }
    }
    await().atMost(LIMIT).until(() -> heard.records.size() == 5);
    assertThat(heard.changes).as("none twice, none missed").hasValue(5);
    assertThat(heard.listings).hasValue(1);
  }

  @Test
  void shouldListAnewWhenTheLogWasCompactedMeanwhile() {
    etcd.put("/wg/a", "1");
    etcd.put("/wg/b", "1");
    follow();
    await().atMost(LIMIT).until(() -> heard.listings.get() == 1);
    // The next watch begins too early.
    etcd.changeUnseen("/wg/a", "/wg/c");
    awaitText("c", "1");
    await().atMost(LIMIT).until(() -> !heard.records.containsKey("a"));
  }

  @Test
  void shouldNotMissADeletionWhereTheLogWasCompacted() {
    etcd.put("/wg/a", "1");
    follow();
    awaitText("a", "1");
    etcd.deleteUnseen("/wg/a");
    await().atMost(LIMIT).until(() -> heard.records.isEmpty());
  }

  @Test
  void shouldTurnToAMemberThatAnswers() throws IOException {
    etcd.put("/wg/a", "1");
    URI dead;
    try (var other = new FakeEtcd()) {
      dead = other.uri();
    }
    open(null, dead, etcd.uri());
    follow();
    awaitText("a", "1");
    await().atMost(LIMIT).until(() -> heard.away == null);
  }

  @Test
  void shouldSayThatItIsAwayAndComeBack() {
    etcd.put("/wg/a", "1");
    follow();
    awaitText("a", "1");
    etcd.insteadOfRange = "{\"error\":\"etcdserver: no leader\",\"code\":14}".getBytes(UTF_8);
    etcd.rangeStatus = 503;
    await().atMost(LIMIT).until(() -> heard.away != null);
    assertThat(heard.away).contains("no leader");
    assertThat(heard.records).containsOnlyKeys("a");
    etcd.insteadOfRange = null;
    await().atMost(LIMIT).until(() -> heard.away == null);
    etcd.put("/wg/b", "1");
    awaitText("b", "1");
    assertThat(heard.listings).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "[]",
        "{}",
        "{\"header\":{\"revision\":\"abc\"}}",
        "{\"header\":{\"revision\":\"5\"},\"kvs\":[{\"key\":\"?\"}]}",
        "{\"header\":{\"revision\":\"5\"},\"kvs\":[],\"more\":true}",
        "{\"header\":{\"revision\":\"5\"},\"kvs\":[",
      })
  void shouldTakeNothingFromAnAnswerThatIsNone(String answer) {
    etcd.put("/wg/a", "1");
    etcd.insteadOfRange = answer.getBytes(UTF_8);
    follow();
    await().atMost(LIMIT).until(() -> heard.away != null);
    assertThat(heard.listings).hasValue(0);
    etcd.insteadOfRange = null;
    awaitText("a", "1");
  }

  @Test
  void shouldNotReadAnAnswerWithoutEnd() {
    etcd.insteadOfRange = new byte[65 << 20];
    follow();
    await().atMost(LIMIT).until(() -> heard.away != null);
    assertThat(heard.listings).hasValue(0);
  }

  @Test
  void shouldRenewItsToken() throws IOException {
    etcd.validToken = "nobody has it";
    etcd.put("/wg/a", "1");
    Path password = folder.resolve("password");
    Files.writeString(password, "secret\n");
    open(password, etcd.uri());
    follow();
    awaitText("a", "1");
    etcd.validToken = "another";
    etcd.cutWatches();
    etcd.put("/wg/a", "2");
    awaitText("a", "2");
    assertThat(etcd.issuedTokens.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void shouldSayWhenItMayNot() throws IOException {
    etcd.validToken = "nobody has it";
    Path password = folder.resolve("password");
    Files.writeString(password, "wrong\n");
    open(password, etcd.uri());
    follow();
    await().atMost(LIMIT).until(() -> heard.away != null);
    assertThat(heard.away).contains("authentication failed");
  }

  @Test
  void shouldSayWhatTheGatewaySaysWithoutJson() {
    etcd.insteadOfRange = "CommonName of client is not to be used\n".getBytes(UTF_8);
    etcd.rangeStatus = 400;
    EtcdSource opened = open(null, etcd.uri());
    assertThatThrownBy(() -> opened.lookUp(KEY))
        .hasMessage("etcd says: CommonName of client is not to be used");
  }

  @Test
  void shouldPutAndLookUp() throws IOException, InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    assertThat(opened.lookUp(KEY)).isNull();
    opened.put(Map.of(KEY, "{}"));
    StoredRecord found = Objects.requireNonNull(opened.lookUp(KEY));
    assertThat(opened.keyOf(found.name())).isEqualTo(KEY);
    List<StoredRecord> all = new ArrayList<>();
    opened.list(all::add);
    assertThat(all).hasSize(1);
    assertThat(opened.beside("/nothing")).isNull();
  }

  private static PublicKey key(int number) {
    return PublicKey.of(ByteBuffer.allocate(32).putInt(number).array());
  }

  private static List<PublicKey> keys(int count) {
    return IntStream.range(0, count).mapToObj(EtcdSourceTest::key).toList();
  }

  @Test
  void shouldLookSeveralUpInOneTransaction() throws InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    for (int i = 0; i < 100; i += 2) {
      etcd.put("/wg/" + key(i).toBase64(), "{\"label\":\"" + i + "\"}");
    }
    List<LookedUp> found = opened.lookUp(keys(100));
    assertThat(etcd.lookUps).containsExactly(100);
    assertThat(etcd.transactions()).as("writes").isZero();
    assertThat(found).extracting(LookedUp::key).containsExactlyElementsOf(keys(100));
    for (int i = 0; i < 100; i++) {
      assertThat(found.get(i).failure()).isNull();
      StoredRecord record = found.get(i).record();
      assertThat(record == null ? "" : new String(Objects.requireNonNull(record.text()), UTF_8))
          .isEqualTo(i % 2 == 0 ? "{\"label\":\"" + i + "\"}" : "");
    }
    assertThat(opened.lookUp(keys(1))).hasSize(1);
    assertThat(etcd.lookUps).as("one is asked for as ever").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "{}",
        "{\"header\":{\"revision\":\"5\"}}",
        "{\"header\":{\"revision\":\"5\"},\"succeeded\":true,\"responses\":[]}",
        "{\"header\":{\"revision\":\"5\"},\"responses\":[{\"response_range\":{}}]}",
        "{\"header\":{\"revision\":\"5\"},\"responses\":[{},{\"response_put\":{}}]}",
        "{\"header\":{\"revision\":\"5\"},\"responses\":{\"response_range\":{}}}",
        "{\"responses\":[{\"response_range\":{}},{\"response_range\":{}}]}",
        "{\"header\":{\"revision\":\"5\"},\"responses\":[{\"response_range\":{\"kvs\":[{\"key\":\"?\"}]}},{\"response_range\":{}}]}",
      })
  void shouldFailEachOfSeveralIfTheAnswerIsNone(String answer) throws InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    etcd.insteadOfLookUps = answer.getBytes(UTF_8);
    List<LookedUp> found = opened.lookUp(keys(2));
    assertThat(found).extracting(LookedUp::key).containsExactlyElementsOf(keys(2));
    assertThat(found)
        .allSatisfy(
            one -> {
              assertThat(one.record()).isNull();
              assertThat(one.failure()).isInstanceOf(IOException.class);
            });
  }

  @Test
  void shouldSayHowManyOfSeveralWereAnswered() throws InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    etcd.insteadOfLookUps =
        "{\"header\":{\"revision\":\"5\"},\"responses\":[{\"response_range\":{}}]}".getBytes(UTF_8);
    assertThat(opened.lookUp(keys(2)).getFirst().failure())
        .hasMessage("etcd answered 1 of 2 lookups");
  }

  @Test
  void shouldFailThatOneOfSeveralWhoseAnswerIsAnothers() throws InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    etcd.insteadOfLookUps =
        "{\"header\":{\"revision\":\"5\"},\"responses\":[{\"response_range\":{\"kvs\":[{\"key\":\"YQ==\"}]}},{\"response_range\":{}}]}"
            .getBytes(UTF_8);
    List<LookedUp> found = opened.lookUp(keys(2));
    assertThat(found.get(0).failure()).hasMessageContaining("another key");
    assertThat(found.get(1).failure()).isNull();
  }

  @Test
  void shouldAskForFewerWhereEtcdWasConfiguredForThat() throws InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    etcd.maxOperations = 30;
    etcd.put("/wg/" + key(99).toBase64(), "{}");
    List<LookedUp> found = opened.lookUp(keys(100));
    assertThat(found).allSatisfy(one -> assertThat(one.failure()).isNull());
    assertThat(found.getLast().record()).isNotNull();
    assertThat(opened.keysAtOnce()).isEqualTo(50);
    assertThat(opened.lookUp(keys(50))).hasSize(50);
    assertThat(opened.keysAtOnce()).isEqualTo(25);
    assertThat(opened.lookUp(keys(25))).hasSize(25);
    assertThat(etcd.lookUps).containsExactly(25);
  }

  @Test
  void shouldPutManyInFewTransactions() throws IOException, InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    Map<PublicKey, String> records = new LinkedHashMap<>();
    for (int i = 0; i < 250; i++) {
      records.put(key(i), "{\"label\":" + i + "}");
    }
    opened.put(records);
    assertThat(etcd.transactions()).isEqualTo(3);
    List<String> values = new ArrayList<>();
    opened.list(stored -> values.add(new String(Objects.requireNonNull(stored.text()), UTF_8)));
    assertThat(values).containsExactlyInAnyOrderElementsOf(records.values());
  }

  @Test
  void shouldPutNoMoreAtATimeThanEtcdTakes() throws IOException, InterruptedException {
    EtcdSource opened = open(null, etcd.uri());
    Map<PublicKey, String> records = new LinkedHashMap<>();
    for (int i = 0; i < 30; i++) {
      records.put(key(i), "x".repeat(64 << 10));
    }
    opened.put(records);
    assertThat(etcd.keys()).hasSize(30);
  }

  @Test
  void shouldPutAtAMemberThatAnswers() throws IOException, InterruptedException {
    EtcdSource opened = open(null, URI.create("http://127.0.0.1:1"), etcd.uri());
    opened.put(Map.of(KEY, "{}"));
    assertThat(etcd.keys()).hasSize(1);
  }

  @Test
  void shouldFindTheEndOfAPrefix() {
    assertThat(EtcdGateway.endOf("a".getBytes(UTF_8))).isEqualTo("b".getBytes(UTF_8));
    assertThat(EtcdGateway.endOf(new byte[] {1, (byte) 0xff})).isEqualTo(new byte[] {2});
    assertThat(EtcdGateway.endOf(new byte[] {(byte) 0xff})).isEqualTo(new byte[] {0});
  }

  @Test
  void shouldReportWhatItCannotDo() {
    EtcdSource opened = open(null, URI.create("http://127.0.0.1:1"));
    assertThatThrownBy(() -> opened.lookUp(KEY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:1");
  }
}
