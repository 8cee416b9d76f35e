package io.wgnetty.peers.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.EndpointName;
import io.wgnetty.crypto.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records as JSON and as sections. */
class RecordTest {
  private static final String KEY = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
  private static final String PSK = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";
  private static final String WHOLE =
      """
      {"public_key":"%s","allowed_ips":["10.9.0.2/32","fd09::/64"],"preshared_key":"%s",\
      "label":"phone","limit":"in 5M, out 50M","quota":"50GB a month, then 1M","endpoint":"host.example:51820","persistent_keepalive":25,\
      "disabled":true,"not_after":"2030-12-31T23:59:59Z","groups":["staff"]}"""
          .formatted(KEY, PSK);

  private static PeerRecord read(String text) throws RecordException {
    return RecordReader.read(text.getBytes(UTF_8), null);
  }

  @Test
  void shouldReadEveryField() throws RecordException {
    PeerRecord record = read(WHOLE);

    assertThat(record.publicKey().toBase64()).isEqualTo(KEY);
    assertThat(record.settings().presharedKey().toBase64()).isEqualTo(PSK);
    assertThat(record.settings().allowedIps())
        .containsExactly(IpPrefix.parse("10.9.0.2/32"), IpPrefix.parse("fd09::/64"));
    assertThat(record.settings().label()).isEqualTo("phone");
    assertThat(record.settings().limit()).hasToString("in 5M, out 50M");
    assertThat(record.settings().limit().quota()).hasToString("50GB a month, then 1M");
    assertThat(record.settings().limit().group()).isEqualTo("staff");
    assertThat(record.settings().endpoint()).isEqualTo(new EndpointName("host.example", 51820));
    assertThat(record.settings().keepaliveSeconds()).isEqualTo(25);
    assertThat(record.disabled()).isTrue();
    assertThat(record.notAfter()).isEqualTo(1_924_991_999);
    assertThat(record.groups()).containsExactly("staff");
  }

  @Test
  void shouldWriteWhatItReads() throws RecordException {
    assertThat(RecordWriter.json(read(WHOLE))).isEqualTo(WHOLE);
    String reference =
        "{\"public_key\":\"" + KEY + "\",\"allowed_ips\":[],\"preshared_key_etcd\":\"/psk/1\"}";
    assertThat(RecordWriter.json(read(reference))).isEqualTo(reference);
  }

  @Test
  void shouldPassOverFieldsThatItDoesNotKnow() throws RecordException {
    PeerRecord record =
        read("{\"later\":{\"a\":[1,{\"b\":null}]},\"public_key\":\"" + KEY + "\",\"x\":-1e9}");
    assertThat(record.settings().allowedIps()).isEmpty();
    assertThat(record.notAfter()).isEqualTo(PeerRecord.FOR_EVER);
  }

  @Test
  void shouldTakeTheKeyThatItsPlaceStandsFor() throws RecordException {
    PublicKey key = PublicKey.fromBase64(KEY);
    assertThat(RecordReader.read("{}".getBytes(UTF_8), key).publicKey()).isEqualTo(key);
    assertThatThrownBy(
            () -> RecordReader.read(("{\"public_key\":\"" + PSK + "\"}").getBytes(UTF_8), key))
        .hasMessageContaining("not the one that the record is filed under");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"allowed_ips":["300.1.1.1"]}         | allowed_ips: '300.1.1.1' is no IP address
          {"allowed_ips":"10.0.0.1"}            | allowed_ips: is no list
          {"allowed_ips":[7]}                   | allowed_ips: is no string
          {"allowed_ips":["10.0.0.1/33"]}       | is no prefix length
          {"public_key":"short"}                | public_key: is no key
          {"public_key":5}                      | public_key: is no string
          {"preshared_key":"hunter2"}           | preshared_key: is no key
          {"preshared_key_file":"relative"}     | preshared_key_file: is no absolute path
          {"endpoint":"host"}                   | endpoint: 'host' has no port
          {"endpoint":""}                       | endpoint: is empty
          {"persistent_keepalive":70000}        | persistent_keepalive: is no number
          {"persistent_keepalive":"25"}         | persistent_keepalive: is no number
          {"disabled":"yes"}                    | disabled: is neither true nor false
          {"not_after":"tomorrow"}              | not_after: is no time such as
          {"limit":"fast"}                      | limit: a limit is bits a second
          {"quota":"5M"}                        | quota: a quota is an amount
          {"label":"a","label":"b"}             | label: stands twice
          {"groups":[""]}                       | groups: a group's name has
          {}                                    | public_key: is missing
          [1]                                   | is no JSON object
          {"label":"a"                          | ends too early
          {} {}                                 | is no JSON object
          {'label':"a"}                         | is no JSON object
          {"preshared_key_file":"/a","preshared_key_etcd":"b"} | public_key: is missing
          """,
      quoteCharacter = '`')
  void shouldSayWhatIsWrong(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(RecordException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldNotQuoteSecrets() {
    assertThatThrownBy(() -> read("{\"preshared_key\":\"hunter2\"}"))
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void shouldRefuseTwoWaysToOneSecret() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"public_key\":\"%s\",\"preshared_key\":\"%s\",\"preshared_key_file\":\"/a\"}"
                        .formatted(KEY, PSK)))
        .hasMessageContaining("in more than one way");
  }

  @Test
  void shouldHaveBounds() {
    assertThatThrownBy(() -> read(" ".repeat(RecordReader.MAX_BYTES + 1)))
        .hasMessageContaining("longer than");
    String many = "\"10.0.0.1\",".repeat(RecordReader.MAX_ALLOWED_IPS) + "\"10.0.0.2\"";
    assertThatThrownBy(() -> read("{\"allowed_ips\":[" + many + "]}"))
        .hasMessageContaining("more than");
    String deep = "[".repeat(1000) + "]".repeat(1000);
    assertThatThrownBy(() -> read("{\"x\":" + deep + "}")).isInstanceOf(RecordException.class);
    assertThatThrownBy(() -> RecordReader.read(new byte[] {'{', (byte) 0xff, '}'}, null))
        .hasMessageContaining("UTF-8");
  }

  @Test
  void shouldTakeWhateverComesWithoutOtherFailures() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    byte[] whole = WHOLE.getBytes(UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] text = whole.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      try {
        RecordReader.read(text, null).wipe();
      } catch (RecordException e) {
        assertThat(e.getMessage()).as("seed " + seed).isNotEmpty();
      }
    }
  }

  @Test
  void shouldReadSections() throws RecordException {
    PeerRecord record = read(WHOLE);
    PeerRecord again = SectionReader.one(RecordWriter.section(record).getBytes(UTF_8));
    assertThat(again.settings().label()).isEqualTo("phone");
    assertThat(again.settings().limit()).isEqualTo(record.settings().limit());
    assertThat(again.settings().allowedIps()).isEqualTo(record.settings().allowedIps());
    assertThat(again.settings().endpoint()).isEqualTo(record.settings().endpoint());
    assertThat(again.settings().presharedKey().sameAs(record.settings().presharedKey())).isTrue();
    assertThatThrownBy(() -> SectionReader.one("[Peer]\nPublicKey = x\n".getBytes(UTF_8)))
        .hasMessageContaining("line 2: PublicKey");
    assertThatThrownBy(() -> SectionReader.one("".getBytes(UTF_8)))
        .hasMessageContaining("0 [Peer]");
  }

  @Test
  void shouldKnowTheFieldsOfTheSchema() throws Exception {
    String schema = Files.readString(Path.of("../docs/peers.schema.json"));
    String page = Files.readString(Path.of("../docs/peers.md"));
    for (String field :
        new String[] {
          "public_key",
          "preshared_key",
          "preshared_key_file",
          "preshared_key_etcd",
          "allowed_ips",
          "label",
          "limit",
          "quota",
          "endpoint",
          "persistent_keepalive",
          "disabled",
          "not_after",
          "groups"
        }) {
      assertThat(schema).contains("\"" + field + "\": {");
      assertThat(page).contains("| `" + field + "` |");
    }
  }
}
