package io.wgnetty.cli;

import io.wgnetty.node.ExitStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * What all commands have in common: {@code --help} and {@code --version}, options in the order in
 * which they are declared, and one exit status for a wrong command line.
 */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnInvalidInput = ExitStatus.USAGE)
abstract class BaseCommand implements Callable<Integer> {}
