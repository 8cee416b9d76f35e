package io.wgnetty.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the distribution's jar carries. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"wg-netty " + (version == null ? "(development)" : version)};
  }
}
