package io.wgnetty.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A part of a YAML file, which knows where it stands. */
record Manifest(String path, @Nullable Object value) {
  /** The documents of a file, by the rules that Kubernetes has, too: no key twice. */
  static List<Manifest> documents(Path file) throws IOException {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    var yaml = new Yaml(new SafeConstructor(options));
    List<Manifest> all = new ArrayList<>();
    for (Object each : yaml.loadAll(Files.readString(file))) {
      all.add(new Manifest(file.getFileName() + "#" + all.size(), each));
    }
    return all;
  }

  private Map<?, ?> map() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new AssertionError(path + " is no mapping, but " + value);
  }

  Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    map().keySet().forEach(key -> keys.add(String.valueOf(key)));
    return keys;
  }

  boolean has(String key) {
    return map().containsKey(key);
  }

  /** What stands there, which has to be something. */
  Manifest at(String... keys) {
    Manifest found = this;
    for (String key : keys) {
      Object next = found.map().get(key);
      if (next == null) {
        throw new AssertionError(found.path + " has no " + key);
      }
      found = new Manifest(found.path + "." + key, next);
    }
    return found;
  }

  List<Manifest> list() {
    if (!(value instanceof List<?> list)) {
      throw new AssertionError(path + " is no list, but " + value);
    }
    List<Manifest> all = new ArrayList<>();
    for (Object each : list) {
      all.add(new Manifest(path + "[" + all.size() + "]", each));
    }
    return all;
  }

  /** Of a list that may be missing. */
  List<Manifest> listAt(String key) {
    return has(key) ? at(key).list() : List.of();
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw new AssertionError(path + " is no text, but " + value);
  }

  int number() {
    if (value instanceof Integer number) {
      return number;
    }
    throw new AssertionError(path + " is no number, but " + value);
  }

  boolean is(Object other) {
    return Objects.equals(value, other);
  }

  List<String> texts() {
    return list().stream().map(Manifest::text).toList();
  }
}
