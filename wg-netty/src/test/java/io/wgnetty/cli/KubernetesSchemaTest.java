package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The manifests in docker/kubernetes by the schema of Kubernetes, as the classes have it that are
 * made of its own description: every field is known at its place, and its value is of its type.
 */
class KubernetesSchemaTest {
  private static final Path FOLDER = Path.of("..", "docker", "kubernetes");

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "ConfigMap", ConfigMap.class,
          "Deployment", Deployment.class,
          "Pod", Pod.class,
          "Service", Service.class);

  private static final ObjectMapper STRICT = strict();

  private static ObjectMapper strict() {
    ObjectMapper mapper =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .annotationIntrospector(new WithoutMore())
            .build();
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    return mapper;
  }

  /** The classes keep fields that they do not know, for those of a later Kubernetes. */
  private static final class WithoutMore extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasAnySetter(Annotated annotated) {
      return null;
    }
  }

  private static List<HasMetadata> read(String text) {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    List<HasMetadata> objects = new ArrayList<>();
    for (Object document : yaml.loadAll(text)) {
      assertThat(document).isInstanceOfSatisfying(Map.class, map -> objects.add(object(map)));
    }
    return objects;
  }

  private static HasMetadata object(Map<?, ?> document) {
    Class<? extends HasMetadata> kind = KINDS.get(String.valueOf(document.get("kind")));
    assertThat(kind).as("a class for %s", document.get("kind")).isNotNull();
    HasMetadata object = STRICT.convertValue(document, kind);
    assertThat(object.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(kind));
    return object;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway.yaml", "sidecar.yaml"})
  void shouldFitTheSchema(String file) throws IOException {
    List<HasMetadata> objects = read(Files.readString(FOLDER.resolve(file)));
    assertThat(objects).hasSizeGreaterThan(1);
    assertThat(objects).allSatisfy(each -> assertThat(each.getMetadata().getName()).isNotEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "readOnlyRootFilesystem: true | readonlyRootFilesystem: true | readonlyRootFilesystem",
        "volumeMounts:                | volumeMount:                 | volumeMount",
        "periodSeconds: 2             | periodSeconds: two           | periodSeconds",
        "fsGroup: 900                 | fsGroup: [900]               | fsGroup",
        "mountPath: /run,             | mountPath: 7,                | mountPath",
        "restartPolicy: Always        | restartPolicy: {a: b}        | restartPolicy",
        "metadata:                    | metaData:                    | metaData",
      })
  void shouldFindMistakes(String right, String wrong, String field) throws IOException {
    String text = Files.readString(FOLDER.resolve("sidecar.yaml"));
    String changed = text.replace(right, wrong);
    if (changed.equals(text)) {
      changed = text.replace(right.replace(",", "}"), wrong.replace(",", "}"));
    }
    assertThat(changed).isNotEqualTo(text);
    String mistaken = changed;
    assertThatThrownBy(() -> read(mistaken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(field);
  }
}
