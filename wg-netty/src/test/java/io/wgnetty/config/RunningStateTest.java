package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PEER_B;
import static io.wgnetty.config.ConfigurationTexts.PRIVATE;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static io.wgnetty.config.ConfigurationTexts.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import java.util.Base64;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunningStateTest {
  private static final String OTHER_PRIVATE = "QAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHl8=";
  private static final String PEER_C =
      Base64.getEncoder()
          .encodeToString(
              new byte[] {
                7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
                7, 7, 7, 9
              });

  private static final String FILE =
      """
      # The office's gateway.
      [Interface]
      # Endpoint = vpn.example.net:51820
        privatekey=%s # made in May
      ListenPort = 51820
      Address = 10.0.0.1/24 # ours
      DNS = 10.0.0.53
      PostUp = echo up # a comment of the command

      # --- people
      [Peer]
      # Name = laptop
      # bought in 2024
      PublicKey = %s
      AllowedIPs = 10.0.0.2/32,10.0.0.3/32
      PersistentKeepalive = 25   # NAT

      [Peer]
      PublicKey = %s
      AllowedIPs = 10.0.0.4/32
      # the end
      """
          .formatted(PRIVATE, PEER_A, PEER_B);

  private static String saved(String file, String running, PublicKey... removed) {
    byte[] text = file.getBytes(UTF_8);
    return new String(
        RunningState.into(text, accepted(file), accepted(running), Set.of(removed)), UTF_8);
  }

  @Test
  void shouldLeaveAFileAloneThatSaysWhatRuns() {
    assertThat(saved(FILE, FILE)).isEqualTo(FILE);
    String reordered = FILE.replace("10.0.0.2/32,10.0.0.3/32", "10.0.0.3/32, 10.0.0.2/32");
    assertThat(saved(FILE, reordered)).isEqualTo(FILE);
    String dos = "\ufeff" + FILE.replace("\n", "\r\n");
    assertThat(saved(dos, FILE)).isEqualTo(dos);
    String noEnd = FILE.substring(0, FILE.length() - 1);
    assertThat(saved(noEnd, FILE)).isEqualTo(noEnd);
  }

  @Test
  void shouldReplaceOnlyTheLinesThatDiffer() {
    String running =
        FILE.replace(PRIVATE, OTHER_PRIVATE)
            .replace("51820\nAddress = 10.0.0.1/24", "7\nAddress = 10.0.0.9/24, fd00::9/64")
            .replace("PersistentKeepalive = 25", "PersistentKeepalive = 11")
            .replace("Endpoint = vpn", "Endpoint = vpn");
    assertThat(saved(FILE, running))
        .isEqualTo(
            FILE.replace("  privatekey=" + PRIVATE, "PrivateKey = " + OTHER_PRIVATE)
                .replace("ListenPort = 51820", "ListenPort = 7")
                .replace("Address = 10.0.0.1/24", "Address = 10.0.0.9/24, fd00::9/64")
                .replace("PersistentKeepalive = 25   # NAT", "PersistentKeepalive = 11 # NAT"));
  }

  @Test
  void shouldPutNewLinesBehindTheLastOfTheirSection() {
    String running =
        FILE.replace("[Interface]\n", "[Interface]\nFwMark = 0x10\n")
            .replace(
                PEER_B + "\n", PEER_B + "\nEndpoint = 192.0.2.1:7\nPresharedKey = " + PSK + "\n");
    assertThat(saved(FILE, running))
        .isEqualTo(
            FILE.replace("of the command\n", "of the command\nFwMark = 0x10\n")
                .replace(
                    "10.0.0.4/32\n",
                    "10.0.0.4/32\nPresharedKey = " + PSK + "\nEndpoint = 192.0.2.1:7\n"));
  }

  @Test
  void shouldDropLinesWhoseSettingIsGone() {
    String running =
        FILE.replace("ListenPort = 51820\n", "").replace("PersistentKeepalive = 25 ", "");
    assertThat(saved(FILE, running))
        .isEqualTo(
            FILE.replace("ListenPort = 51820\n", "")
                .replace("PersistentKeepalive = 25   # NAT\n", ""));
  }

  @Test
  void shouldAddPeersOfTheRunningNodeAndTakeOutThoseThatWereRemoved() {
    String added =
        "\n[Peer]\n# Name = phone\nPublicKey = " + PEER_C + "\nAllowedIPs = 10.0.0.7/32\n";
    String withoutA =
        FILE.substring(0, FILE.indexOf("# --- people"))
            + FILE.substring(FILE.lastIndexOf("[Peer]"));
    String result = saved(FILE, withoutA + added, key(PEER_A));
    assertThat(result).isEqualTo(withoutA.replace("command\n\n", "command\n\n") + added);
    assertThat(accepted(result).peers()).hasSize(2);
  }

  @Test
  void shouldKeepAPeerThatWasWrittenIntoTheFileMeanwhile() {
    String withoutB = FILE.substring(0, FILE.lastIndexOf("\n[Peer]"));
    assertThat(saved(FILE, withoutB)).isEqualTo(FILE);
    assertThat(saved(FILE, withoutB, key(PEER_B))).doesNotContain(PEER_B);
  }

  @Test
  void shouldWriteNamesAsComments() {
    String running =
        FILE.replace("Name = laptop", "Name = tablet")
            .replace(
                "[Peer]\nPublicKey = " + PEER_B, "[Peer]\n# Name = phone\nPublicKey = " + PEER_B);
    assertThat(saved(FILE, running)).isEqualTo(running);
    assertThat(saved(FILE, FILE.replace("# Name = laptop\n", ""))).isEqualTo(FILE);
  }

  @Test
  void shouldKeepToOneValueWhereSectionsAreRepeated() {
    String file =
        FILE
            + "[Interface]\nAddress = fd00::1/64\n[Peer]\nPublicKey = "
            + PEER_A
            + "\nPersistentKeepalive = 9\n";
    assertThat(saved(file, file)).isEqualTo(file);
    String running = FILE.replace("PersistentKeepalive = 25", "PersistentKeepalive = 31");
    Configuration result = accepted(saved(file, running));
    assertThat(result.settings().addresses()).hasSize(1);
    assertThat(result.peers().getFirst().keepaliveSeconds()).isEqualTo(31);
  }

  @Test
  void shouldMakeAnInterfaceSectionWhereThereIsNone() {
    String file = "# only peers\n[Peer]\nPublicKey = " + PEER_A + "\n";
    String result = saved(file, "[Interface]\nListenPort = 7\n" + file);
    assertThat(result).isEqualTo("[Interface]\nListenPort = 7\n\n" + file);
  }

  @Test
  void shouldSayWhatRunsWhateverTheFileSaid() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String file = file(random);
      String running = file(random);
      Configuration wanted = accepted(running);
      String result = saved(file, running, key(PEER_A), key(PEER_B), key(PEER_C));
      Configuration read = accepted(result);
      assertThat(read.peers())
          .as("seed %d: %s", seed, result)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("label", "allowedIps")
          .containsExactlyInAnyOrderElementsOf(wanted.peers());
      assertThat(read.settings())
          .as("seed %d: %s", seed, result)
          .usingRecursiveComparison()
          .isEqualTo(wanted.settings());
      assertThat(saved(result, running)).as("seed %d: twice", seed).isEqualTo(result);
    }
  }

  /** A file that is right, with comments in odd places. */
  private static String file(Random random) {
    var text = new StringBuilder(random.nextBoolean() ? "# head\n\n" : "");
    text.append("[Interface]\n");
    line(random, text, "PrivateKey = " + (random.nextBoolean() ? PRIVATE : OTHER_PRIVATE));
    line(random, text, "ListenPort = " + (1 + random.nextInt(3)));
    line(random, text, "FwMark = " + (1 + random.nextInt(3)));
    line(random, text, "Address = 10.0.0." + (1 + random.nextInt(3)) + "/24");
    line(random, text, "MTU = " + (1400 + random.nextInt(3)));
    for (String peer : new String[] {PEER_A, PEER_B, PEER_C}) {
      if (random.nextBoolean()) {
        text.append(random.nextBoolean() ? "\n" : "")
            .append(random.nextBoolean() ? "# of it\n" : "");
        text.append("[Peer]\nPublicKey = ").append(peer).append('\n');
        line(random, text, "PresharedKey = " + PSK);
        line(random, text, "Endpoint = 192.0.2.1:" + (1 + random.nextInt(3)));
        line(random, text, "PersistentKeepalive = " + (1 + random.nextInt(3)));
      }
    }
    if (random.nextInt(4) == 0) {
      text.setLength(text.length() - 1);
    }
    return text.toString();
  }

  private static void line(Random random, StringBuilder text, String line) {
    switch (random.nextInt(4)) {
      case 0 -> {
        // Without.
      }
      case 1 -> text.append(line).append(" # why\n");
      case 2 -> text.append("  # before\n").append(line).append("\n\n");
      default -> text.append(line).append('\n');
    }
  }
}
