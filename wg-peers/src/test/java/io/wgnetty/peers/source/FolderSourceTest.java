package io.wgnetty.peers.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with a file for each peer. */
class FolderSourceTest {
  private static final PublicKey KEY =
      PublicKey.fromBase64("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Heard heard = new Heard();
  private @Nullable FolderSource source;
  private @Nullable Thread thread;

  private void follow() {
    var followed = new FolderSource(folder);
    source = followed;
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
    await().atMost(LIMIT).until(() -> heard.listings.get() == 1);
  }

  @AfterEach
  void end() throws InterruptedException {
    if (source != null && thread != null) {
      source.close();
      thread.join(LIMIT.toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String text(String name) {
    StoredRecord stored = heard.records.get(name);
    return stored == null || stored.text() == null ? "" : new String(stored.text(), UTF_8);
  }

  @Test
  void shouldTellWhatIsThereAndWhatChanges() throws IOException {
    write("a.json", "1");
    write("note.txt", "no record");
    write(".hidden.json", "no record");
    follow();
    assertThat(heard.records).containsOnlyKeys("a.json");

    write("b.conf", "2");
    await().atMost(LIMIT).until(() -> text("b.conf").equals("2"));
    Files.writeString(folder.resolve("new"), "3");
    Files.move(
        folder.resolve("new"), folder.resolve("a.json"), StandardCopyOption.REPLACE_EXISTING);
    await().atMost(LIMIT).until(() -> text("a.json").equals("3"));
    Files.delete(folder.resolve("b.conf"));
    await().atMost(LIMIT).until(() -> !heard.records.containsKey("b.conf"));
    assertThat(heard.listings).hasValue(1);
  }

  @Test
  void shouldListAnewWhenChangesWereLost() throws IOException {
    follow();
    // More than the watch keeps for one who does not look (512).
    for (int i = 0; i < 3000; i++) {
      write("p" + i + ".json", "x");
    }
    await().atMost(LIMIT).until(() -> heard.records.size() == 3000);
  }

  @Test
  void shouldWaitForAFolderThatComesBack() throws IOException {
    write("a.json", "1");
    follow();
    Path elsewhere = folder.resolveSibling(folder.getFileName() + "-away");
    Files.move(folder, elsewhere);
    Files.delete(elsewhere.resolve("a.json"));
    Files.delete(elsewhere);
    await().atMost(LIMIT).until(() -> heard.away != null);
    Files.createDirectory(folder);
    write("c.json", "1");
    await().atMost(LIMIT).until(() -> heard.records.containsKey("c.json"));
    assertThat(heard.records).containsOnlyKeys("c.json");
    assertThat(heard.away).isNull();
  }

  @Test
  void shouldFindTheRecordOfAKeyByItsName() throws IOException {
    try (var lookups = new FolderSource(folder)) {
      assertThat(lookups.lookUp(KEY)).isNull();
      lookups.put(Map.of(KEY, "{}"));
      StoredRecord found = Objects.requireNonNull(lookups.lookUp(KEY));
      assertThat(lookups.keyOf(found.name())).isEqualTo(KEY);
      assertThat(lookups.keyOf("phone.json")).isNull();
    }
  }

  @Test
  void shouldWantAnAbsolutePath() {
    assertThatThrownBy(() -> new FolderSource(Path.of("wg0.d"))).hasMessageContaining("absolute");
  }
}
