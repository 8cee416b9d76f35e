package io.wgnetty.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The manual page of configuration files in troff, made of docs/configuration.md, so that there is
 * one text. Knows as much of Markdown as stands there: headings, paragraphs, tables, lists and
 * code.
 */
final class ConfigurationPage {
  static final String RESOURCE = "/docs/configuration.md";

  private static final Pattern CELLS = Pattern.compile(" \\| ");
  private static final String CODE_INDENT = "    ";

  private final StringBuilder out = new StringBuilder();
  private boolean inCode;
  private boolean inTable;

  private ConfigurationPage() {}

  /** The page; {@code version} stands at its foot. */
  static String of(String version) {
    return of(version, markdown());
  }

  static String of(String version, List<String> markdown) {
    var page = new ConfigurationPage();
    page.out.append(".TH WG\\-NETTY.CONF 5 \"\" \"").append(escaped(version)).append("\"\n");
    page.out.append(".SH NAME\nwg\\-netty.conf \\- configuration files of wg\\-netty\n");
    page.out.append(".SH DESCRIPTION\n");
    markdown.stream().skip(1).forEach(page::line); // the first is the title
    page.endCode();
    page.out.append(".SH SEE ALSO\n.BR wg\\-netty (1),\n.BR wg\\-quick (8)\n");
    return page.out.toString();
  }

  static List<String> markdown() {
    try (InputStream in = ConfigurationPage.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void line(String line) {
    if (line.startsWith(CODE_INDENT) || (inCode && line.isEmpty())) {
      code(line);
      return;
    }
    endCode();
    if (!line.startsWith("|")) {
      inTable = false;
    }
    if (line.startsWith("## ")) {
      out.append(".SH \"").append(escaped(line.substring(3))).append("\"\n");
    } else if (line.startsWith("|")) {
      row(line);
    } else if (line.startsWith("* ")) {
      out.append(".IP \\(bu 2\n");
      text(line.substring(2));
    } else if (line.isEmpty()) {
      out.append(".PP\n");
    } else {
      text(line);
    }
  }

  private void code(String line) {
    if (!inCode) {
      out.append(".RS 4\n.nf\n");
      inCode = true;
    }
    text(line.strip());
  }

  private void endCode() {
    if (inCode) {
      out.append(".fi\n.RE\n.PP\n");
      inCode = false;
    }
  }

  /** A key, then its default or place in parentheses, then what it means. */
  private void row(String line) {
    if (!inTable || line.startsWith("|---")) {
      inTable = true; // the head of the table, and the line below it
      return;
    }
    List<String> cells =
        new ArrayList<>(List.of(CELLS.split(line.substring(1, line.length() - 1).strip(), -1)));
    String name = cells.removeFirst();
    out.append(".TP\n.B \"").append(escaped(name.replace("`", ""))).append("\"\n");
    String last = cells.removeLast();
    text(last + (cells.isEmpty() ? "" : " (" + place(cells.getFirst()) + ")"));
  }

  private static String place(String cell) {
    return cell.equals("required") || cell.contains(" ") ? cell : "default: " + cell;
  }

  private void text(String line) {
    String escaped = escaped(line.replace("`", ""));
    boolean request = escaped.startsWith(".") || escaped.startsWith("'");
    out.append(request ? "\\&" : "").append(escaped).append('\n');
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
  }
}
