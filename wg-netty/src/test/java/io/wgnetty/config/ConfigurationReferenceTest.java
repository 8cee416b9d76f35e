package io.wgnetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md against what the reader does. */
class ConfigurationReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "configuration.md");

  /** The rows of the table below a heading, without its two lines of head. */
  private static List<String[]> table(String heading) throws IOException {
    List<String[]> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + heading);
      } else if (inside && line.startsWith("|")) {
        rows.add(line.substring(2, line.length() - 2).split(" \\| ", -1));
      }
    }
    return rows.subList(2, rows.size());
  }

  private static Map<String, String> rows(String heading) throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    for (String[] row : table(heading)) {
      rows.put(row[0].replace("`", ""), row[2]);
    }
    return rows;
  }

  private static List<String> keys(Section section) {
    return Stream.of(Keyword.values())
        .filter(keyword -> keyword.section() == section)
        .map(Keyword::written)
        .toList();
  }

  @Test
  void shouldTellEveryKeyAndNoOther() throws IOException {
    assertThat(rows("Keys of [Interface]").keySet())
        .containsExactlyElementsOf(keys(Section.INTERFACE));
    assertThat(rows("Keys of [Peer]").keySet()).containsExactlyElementsOf(keys(Section.PEER));
  }

  @Test
  void shouldTellWhichKeysMayBeRepeated() throws IOException {
    Map<String, String> all = rows("Keys of [Interface]");
    all.putAll(rows("Keys of [Peer]"));
    for (Keyword keyword : Keyword.values()) {
      if (keyword.isHook()) {
        continue; // said of the first for all
      }
      assertThat(all.getOrDefault(keyword.written(), "").contains("may be repeated"))
          .as(keyword.written())
          .isEqualTo(keyword.accumulates());
    }
  }

  @Test
  void shouldTellCommentsThatTheReaderUnderstands() throws IOException {
    int names = 0;
    List<String> interfaces = new ArrayList<>();
    for (String comment : rows("Comments with a meaning").keySet()) {
      Map<String, String> ofInterface = comments(comment);
      if (!ofInterface.isEmpty()) {
        String second = comment.replaceFirst("= .*", "= other");
        String peer = "\n[Peer]\nPublicKey=" + ConfigurationTexts.PEER_A + "\n";
        assertThat(comments(comment + peer + second)).isEqualTo(ofInterface);
        assertThat(comments("[Interface]" + peer + comment)).isEmpty();
        assertThat(comments("#" + comment)).isEmpty();
        interfaces.addAll(ofInterface.keySet());
        continue;
      }
      if (comment.startsWith("# Masquerade") || comment.startsWith("# Isolate")) {
        assertThat(
                ConfigurationTexts.settings(comment.replace("INTERFACE", "eth0") + "\n").gateway())
            .isNotEqualTo(GatewaySettings.NONE);
        continue;
      }
      if (comment.startsWith("# Expires")) {
        assertThat(ConfigurationTexts.peer(comment.replace("WHEN", "2030-12-31")).notAfter())
            .isNotEqualTo(PeerSettings.FOR_EVER);
        continue;
      }
      if (comment.startsWith("# PresharedKeyFile")) {
        assertThat(ConfigurationTexts.peer(comment).presharedKeyFile()).isEqualTo("PATH");
        continue;
      }
      if (comment.startsWith("# disabled:")) {
        String disabled =
            "# disabled: [Peer]\n# disabled: PublicKey = " + ConfigurationTexts.PEER_A + "\n";
        assertThat(ConfigurationTexts.given(ConfigurationTexts.read(disabled)).barred()).hasSize(1);
        continue;
      }
      if (comment.startsWith("# Group") && comment.contains("NAME ")) {
        String text = comment.replace("NAME", "sales").replace("RATES", "20M");
        assertThat(ConfigurationTexts.settings(text.replace("QUOTA", "1GB a day") + "\n").groups())
            .containsOnlyKeys("sales");
        continue;
      }
      if (comment.startsWith("# Group") || comment.startsWith("# Quota")) {
        String text = comment.replace("NAME", "sales").replace("QUOTA", "1GB a day");
        assertThat(ConfigurationTexts.peer(text + "\n").limit().isNone()).isFalse();
        continue;
      }
      if (comment.startsWith("# Limit")) {
        assertThat(ConfigurationTexts.peer(comment.replace("RATES", "20M") + "\n").limit().isNone())
            .isFalse();
        continue;
      }
      String text = comment.replace("LABEL", "phone") + "\n[Peer]\n";
      ConfigurationResult read =
          ConfigurationTexts.read(text + "PublicKey=" + ConfigurationTexts.PEER_A + "\n");
      assertThat(ConfigurationTexts.given(read).peers())
          .as(comment)
          .map(PeerSettings::label)
          .containsExactly("phone");
      names++;
    }
    assertThat(names).isEqualTo(5);
    assertThat(interfaces)
        .containsExactly(
            InterfaceComment.PEERS,
            InterfaceComment.NODE,
            InterfaceComment.NODE_NUMBER,
            InterfaceComment.NODE_ADDRESS,
            InterfaceComment.CLUSTER_KEY_FILE,
            InterfaceComment.ANNOUNCE,
            InterfaceComment.ENDPOINT,
            InterfaceComment.PRIVATE_KEY_FILE);
  }

  private static Map<String, String> comments(String text) {
    return ConfigurationTexts.given(ConfigurationTexts.read(text + "\n")).comments();
  }

  @Test
  void shouldGiveAnExampleWithoutFault() throws IOException {
    StringBuilder example = new StringBuilder();
    Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("    ") || line.isEmpty())
        .forEach(line -> example.append(line.strip()).append('\n'));
    assertThat(ConfigurationTexts.findings(example.toString())).isEmpty();
  }
}
