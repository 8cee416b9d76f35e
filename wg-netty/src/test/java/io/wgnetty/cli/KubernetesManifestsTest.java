package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.InterfaceComment;
import io.wgnetty.config.PeerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests in docker/kubernetes hold together: each field is one of those that Kubernetes has
 * at its place, whatever is named is there, and what the node is given is what it understands.
 */
class KubernetesManifestsTest {
  private static final Path TREE = Path.of("..", "docker");
  private static final int GROUP_READS = 0440;

  /** The fields that the manifests may use, by the kind of object that they stand in. */
  private static final Map<String, Set<String>> FIELDS =
      Map.ofEntries(
          Map.entry("object", Set.of("apiVersion", "kind", "metadata", "spec", "data")),
          Map.entry("metadata", Set.of("name", "labels", "annotations")),
          Map.entry("deployment", Set.of("replicas", "strategy", "selector", "template")),
          Map.entry("template", Set.of("metadata", "spec")),
          Map.entry("service", Set.of("type", "externalTrafficPolicy", "selector", "ports")),
          Map.entry("servicePort", Set.of("name", "port", "targetPort", "protocol")),
          Map.entry(
              "pod",
              Set.of(
                  "automountServiceAccountToken",
                  "enableServiceLinks",
                  "securityContext",
                  "initContainers",
                  "containers",
                  "volumes")),
          Map.entry("podSecurity", Set.of("fsGroup", "sysctls")),
          Map.entry(
              "container",
              Set.of(
                  "name",
                  "image",
                  "args",
                  "ports",
                  "restartPolicy",
                  "securityContext",
                  "startupProbe",
                  "readinessProbe",
                  "livenessProbe",
                  "resources",
                  "volumeMounts")),
          Map.entry("containerPort", Set.of("name", "containerPort", "protocol")),
          Map.entry(
              "security",
              Set.of("allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities")),
          Map.entry("probe", Set.of("httpGet", "exec", "periodSeconds", "failureThreshold")),
          Map.entry("mount", Set.of("name", "mountPath", "readOnly")),
          Map.entry("volume", Set.of("name", "configMap", "secret", "hostPath", "emptyDir")));

  private static final Map<String, String> VERSIONS =
      Map.of("ConfigMap", "v1", "Service", "v1", "Pod", "v1", "Deployment", "apps/v1");

  private static List<Manifest> documents(String file) throws IOException {
    return Manifest.documents(TREE.resolve("kubernetes").resolve(file));
  }

  private static Manifest only(List<Manifest> documents, String... kinds) {
    return documents.stream()
        .filter(each -> List.of(kinds).contains(each.at("kind").text()))
        .findFirst()
        .orElseThrow();
  }

  private static void checkFields(String kind, Manifest part) {
    assertThat(FIELDS.getOrDefault(kind, Set.of())).as(part.path()).containsAll(part.keys());
  }

  private static Manifest pod(List<Manifest> documents) {
    Manifest owner = only(documents, "Deployment", "Pod");
    return owner.at("kind").is("Pod") ? owner.at("spec") : owner.at("spec", "template", "spec");
  }

  private static List<Manifest> containers(Manifest pod) {
    return Stream.concat(
            pod.listAt("initContainers").stream(), pod.at("containers").list().stream())
        .toList();
  }

  private static Manifest node(Manifest pod) {
    return containers(pod).stream()
        .filter(each -> each.at("name").is("wg-netty"))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "sidecar.yaml"})
  void shouldHaveNoFieldThatKubernetesDoesNotKnow(String file) throws IOException {
    for (Manifest each : documents(file)) {
      checkFields("object", each);
      checkFields("metadata", each.at("metadata"));
      String kind = each.at("kind").text();
      assertThat(each.at("apiVersion").text()).isEqualTo(VERSIONS.get(kind));
      assertThat(each.at("metadata", "name").text()).matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
      if (kind.equals("Deployment")) {
        checkFields("deployment", each.at("spec"));
        checkFields("template", each.at("spec", "template"));
        checkFields("metadata", each.at("spec", "template", "metadata"));
      } else if (kind.equals("Service")) {
        checkFields("service", each.at("spec"));
        each.at("spec", "ports").list().forEach(port -> checkFields("servicePort", port));
      } else if (kind.equals("ConfigMap")) {
        each.at("data").keys().forEach(key -> each.at("data", key).text());
      }
    }
    Manifest pod = pod(documents(file));
    checkFields("pod", pod);
    checkFields("podSecurity", pod.at("securityContext"));
    pod.at("volumes").list().forEach(volume -> checkFields("volume", volume));
    for (Manifest container : containers(pod)) {
      checkFields("container", container);
      container.listAt("ports").forEach(port -> checkFields("containerPort", port));
      container.listAt("volumeMounts").forEach(mount -> checkFields("mount", mount));
      for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
        if (container.has(probe)) {
          checkFields("probe", container.at(probe));
        }
      }
      if (container.has("securityContext")) {
        checkFields("security", container.at("securityContext"));
      }
      assertThat(container.at("image").text()).isNotBlank();
    }
    for (Manifest init : pod.listAt("initContainers")) {
      assertThat(init.at("restartPolicy").text())
          .isEqualTo("Always"); // or the pod would wait for ever
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "sidecar.yaml"})
  void shouldNameOnlyWhatIsThere(String file) throws IOException {
    List<Manifest> documents = documents(file);
    Manifest pod = pod(documents);
    Set<String> volumes = new TreeSet<>();
    for (Manifest volume : pod.at("volumes").list()) {
      assertThat(volumes.add(volume.at("name").text())).as(volume.path()).isTrue();
      if (volume.has("configMap")) {
        assertThat(volume.at("configMap", "name").text())
            .isEqualTo(only(documents, "ConfigMap").at("metadata", "name").text());
      }
      if (volume.has("secret")) {
        assertThat(volume.at("secret", "defaultMode").number()).isEqualTo(GROUP_READS);
      }
    }
    Set<String> mounted = new TreeSet<>();
    for (Manifest mount : node(pod).at("volumeMounts").list()) {
      mounted.add(mount.at("name").text());
      assertThat(mount.at("mountPath").text()).startsWith("/");
    }
    assertThat(mounted).isEqualTo(volumes);
    Set<String> ports = new TreeSet<>();
    node(pod).listAt("ports").forEach(port -> ports.add(port.at("name").text()));
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      if (node(pod).has(probe) && node(pod).at(probe).has("httpGet")) {
        assertThat(ports).contains(node(pod).at(probe, "httpGet", "port").text());
        assertThat(List.of("/readyz", "/healthz"))
            .contains(node(pod).at(probe, "httpGet", "path").text());
      }
    }
    for (Manifest each : documents) {
      if (each.at("kind").is("Service")) {
        Manifest labels =
            only(documents, "Deployment").at("spec", "template", "metadata", "labels");
        assertThat(each.at("spec", "selector").value()).isEqualTo(labels.value());
        each.at("spec", "ports")
            .list()
            .forEach(port -> assertThat(ports).contains(port.at("targetPort").text()));
      }
      if (each.at("kind").is("Deployment")) {
        assertThat(each.at("spec", "selector", "matchLabels").value())
            .isEqualTo(each.at("spec", "template", "metadata", "labels").value());
        // Two nodes with one key would take each other's sessions.
        assertThat(each.at("spec", "replicas").number()).isEqualTo(1);
        assertThat(each.at("spec", "strategy", "type").text()).isEqualTo("Recreate");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "sidecar.yaml"})
  void shouldGiveTheNodeWhatItUnderstandsAndTheRightsThatItHasInCompose(String file)
      throws IOException {
    Manifest node = node(pod(documents(file)));
    List<String> arguments = node.at("args").texts();
    PlainArgumentsTest.parser().parseArgs(arguments.toArray(String[]::new));
    Manifest compose =
        Manifest.documents(TREE.resolve("compose.yaml")).getFirst().at("services", "wg-netty");
    Manifest security = node.at("securityContext");
    assertThat(security.at("capabilities", "add").texts())
        .containsExactlyInAnyOrderElementsOf(compose.at("cap_add").texts());
    assertThat(security.at("capabilities", "drop").texts()).containsExactly("ALL");
    assertThat(security.at("allowPrivilegeEscalation").is(false)).isTrue();
    assertThat(security.at("readOnlyRootFilesystem").is(true)).isTrue();
    // What is written to, with a root that is read-only.
    List<String> writable = new ArrayList<>(compose.at("tmpfs").texts());
    writable.add("/var/lib/wg-netty");
    assertThat(node.at("volumeMounts").list())
        .map(mount -> mount.at("mountPath").text())
        .containsAll(writable);
    if (arguments.contains("--metrics")) {
      String metrics = arguments.get(arguments.indexOf("--metrics") + 1);
      assertThat(node.at("ports").list())
          .anyMatch(port -> metrics.endsWith(":" + port.at("containerPort").number()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "sidecar.yaml"})
  void shouldHaveAFileWithoutKeysAndWithoutFaults(String file) throws IOException {
    List<Manifest> documents = documents(file);
    Manifest node = node(pod(documents));
    String text = only(documents, "ConfigMap").at("data", "wg0.conf").text();
    ConfigurationResult result = ConfigurationReader.read(text.getBytes(UTF_8));
    assertThat(result.findings()).isEmpty();
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new AssertionError("no configuration");
    }
    assertThat(text).doesNotContain("PrivateKey =", "PresharedKey =");
    String keys =
        node.at("volumeMounts").list().stream()
            .filter(mount -> mount.at("name").is("keys"))
            .map(mount -> mount.at("mountPath").text())
            .findFirst()
            .orElseThrow();
    assertThat(configuration.comments().get(InterfaceComment.PRIVATE_KEY_FILE))
        .isEqualTo(keys + "/wg0.key");
    for (PeerSettings peer : configuration.peers()) {
      assertThat(peer.label()).isNotNull();
      if (peer.presharedKeyFile() != null) {
        assertThat(peer.presharedKeyFile()).startsWith(keys + "/");
      }
    }
    int port = configuration.settings().listenPort();
    if (port != 0) {
      assertThat(node.at("ports").list())
          .anyMatch(each -> each.at("containerPort").is(port) && each.at("protocol").is("UDP"));
    }
    assertThat(node.at("args").texts()).contains("/etc/wireguard/wg0.conf");
  }
}
