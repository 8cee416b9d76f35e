package io.wgnetty.setup;

/** A name that has no address, for ever or for now. */
public final class NameLookupException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean mayPass;

  public NameLookupException(String message, boolean mayPass) {
    super(message);
    this.mayPass = mayPass;
  }

  /** Whether it is worth trying again: no answer, as opposed to the answer that there is none. */
  public boolean mayPass() {
    return mayPass;
  }
}
