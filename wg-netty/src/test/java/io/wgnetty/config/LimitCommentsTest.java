package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.limit.PeerLimit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits, quotas and groups in comments: read, warned of, and saved. */
class LimitCommentsTest {
  private static final String FILE =
      """
      [Interface]
      # GroupLimit = sales in 100M, out 50M
      # GroupQuota = sales 2TB a month, then 10M
      # GroupLimit = lab 5M
      ListenPort = 51820

      [Peer]
      # Name = phone
      # Limit = 20M
      # Quota = 50GB a month, then 1M
      # Group = sales
      PublicKey = %s
      AllowedIPs = 10.0.0.2/32

      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.3/32
      """
          .formatted(PEER_A, PEER_B);

  private static String saved(String file, String running) {
    return new String(
        RunningState.into(file.getBytes(UTF_8), accepted(file), accepted(running), Set.of()),
        UTF_8);
  }

  @Test
  void shouldReadThem() {
    Configuration read = accepted(FILE);
    PeerLimit limit = read.peers().getFirst().limit();
    assertThat(limit).hasToString("20M");
    assertThat(limit.quota()).hasToString("50GB a month, then 1M");
    assertThat(limit.group()).isEqualTo("sales");
    assertThat(read.peers().getLast().limit()).isEqualTo(PeerLimit.NONE);
    assertThat(read.settings().groups()).containsOnlyKeys("lab", "sales");
    PeerLimit sales = read.settings().groups().getOrDefault("sales", PeerLimit.NONE);
    assertThat(sales).hasToString("in 100M, out 50M");
    assertThat(sales.quota()).hasToString("2TB a month, then 10M");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[Interface]~# GroupLimit = sales           | 2 | the name of a group comes first",
        "[Interface]~# GroupLimit = sales fast      | 2 | a limit is bits a second",
        "[Interface]~# GroupQuota = sales 5M        | 2 | a quota is an amount",
        "[Interface]~# GroupQuota = s 1GB a day~# GroupQuota = s 2GB a day | 3 | in line 2 already",
        "[Interface]~[Peer]~PublicKey=KEY~# GroupLimit = s 5M | 4 | belongs into [Interface]",
        "[Interface]~[Peer]~PublicKey=KEY~# Quota = much      | 4 | a quota is an amount",
        "[Interface]~[Peer]~PublicKey=KEY~# Group = a b       | 4 | one word",
      })
  void shouldWarnOfWhatIsNone(String text, int line, String message) {
    ConfigurationResult result =
        ConfigurationReader.read(text.replace("KEY", PEER_A).replace('~', '\n').getBytes(UTF_8));
    assertThat(result.configuration()).isNotNull();
    assertThat(result.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.line()).isEqualTo(line);
              assertThat(finding.message()).contains(message);
            });
  }

  @Test
  void shouldSaveWhatWasChangedWhileRunning() {
    assertThat(saved(FILE, FILE)).isEqualTo(FILE);
    String running =
        FILE.replace("# Limit = 20M\n", "# Limit = 9M\n")
            .replace("# Quota = 50GB a month, then 1M\n", "")
            .replace("# Group = sales\n", "# Group = lab\n")
            .replace("10.0.0.3/32\n", "10.0.0.3/32\n# Quota = 1GB a day, then off\n");
    assertThat(saved(FILE, running))
        .isEqualTo(
            FILE.replace("# Limit = 20M\n", "# Limit = 9M\n")
                .replace("# Quota = 50GB a month, then 1M\n", "")
                .replace("# Group = sales\n", "# Group = lab\n")
                .replace(
                    "[Peer]\nPublicKey = " + PEER_B,
                    "[Peer]\n# Quota = 1GB a day, then off\nPublicKey = " + PEER_B));
  }

  @Test
  void shouldSaveGroups() {
    String running =
        FILE.replace("# GroupLimit = lab 5M\n", "# GroupLimit = lab 6M\n# GroupLimit = zoo 1M\n")
            .replace("# GroupQuota = sales 2TB a month, then 10M\n", "");
    String after = saved(FILE, running);
    assertThat(accepted(after).settings().groups())
        .isEqualTo(accepted(running).settings().groups());
    assertThat(after).contains("ListenPort = 51820\n\n[Peer]\n# Name = phone\n");
    String without = "[Interface]\nListenPort = 51820\n";
    assertThat(saved(without, "[Interface]\n# GroupLimit = lab 5M\nListenPort = 51820\n"))
        .isEqualTo("[Interface]\n# GroupLimit = lab 5M\nListenPort = 51820\n");
    assertThat(saved("[Interface]\n# GroupLimit = lab 5M\nListenPort = 51820\n", without))
        .isEqualTo(without);
  }
}
