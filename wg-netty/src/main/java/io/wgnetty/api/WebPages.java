package io.wgnetty.api;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page for people, made of files that hold no secrets: so nobody has to prove anything to get
 * them. What it shows it asks the API for, as everybody else.
 */
final class WebPages {
  /** None at all. */
  static final WebPages NONE = new WebPages(Map.of());

  /**
   * Nothing from elsewhere, no scripts but the file, no frame around it. Images also from the page
   * itself: QR codes.
   */
  static final String POLICY =
      "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private final Map<String, ApiAnswer> byPath;

  private WebPages(Map<String, ApiAnswer> byPath) {
    this.byPath = Map.copyOf(byPath);
  }

  static WebPages all() {
    return new WebPages(
        Map.of(
            "/", page("index.html", "text/html"),
            "/app.js", page("app.js", "text/javascript"),
            "/style.css", page("style.css", "text/css")));
  }

  private static ApiAnswer page(String file, String type) {
    try (InputStream in = WebPages.class.getResourceAsStream("/web/" + file)) {
      String text = new String(requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
      return new ApiAnswer(200, type + "; charset=utf-8", text, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page at this address, if there is one. */
  @Nullable ApiAnswer at(String method, String uri) {
    int query = uri.indexOf('?');
    return method.equals("GET") ? byPath.get(query < 0 ? uri : uri.substring(0, query)) : null;
  }
}
