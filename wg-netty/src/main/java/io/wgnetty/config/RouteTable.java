package io.wgnetty.config;

/**
 * Where the routes to the allowed IPs go ({@code Table =}).
 *
 * @param number the kernel's number of the table; meaningful for {@link Kind#NUMBERED} only
 */
public record RouteTable(Kind kind, int number) {
  /** What the file asks for. */
  public enum Kind {
    /** The main table, and a table with policy rules for a default route. */
    AUTO,
    /** No routes at all. */
    OFF,
    /** This table, whatever the routes. */
    NUMBERED
  }

  public static final RouteTable AUTO = new RouteTable(Kind.AUTO, 0);
  public static final RouteTable OFF = new RouteTable(Kind.OFF, 0);

  public static RouteTable numbered(int number) {
    return new RouteTable(Kind.NUMBERED, number);
  }
}
