package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Two nodes and traffic between them. Network namespaces are made by the launcher, before any JVM;
 * here the command only has its place in the help.
 */
@Command(
    name = "demo",
    description =
        "Shows two nodes in two network namespaces with ping and TCP between them (as root).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeOnInvalidInput = 1)
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() throws CommandFailure {
    throw new CommandFailure("the demo is run by the launcher: bin/wg-netty demo");
  }
}
