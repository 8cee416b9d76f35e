package io.wgnetty.cipher;

/** A process of its own that asks for a cipher, and says what is wrong with it. */
final class ProbeMain {
  private ProbeMain() {}

  public static void main(String[] arguments) {
    try {
      System.out.println("uses " + AeadProviders.only(arguments[0]).name());
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
    // The others are not touched by it.
    System.out.println("begins with " + AeadProviders.fastest().name());
  }
}
