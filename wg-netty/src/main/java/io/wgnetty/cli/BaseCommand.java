package io.wgnetty.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * What all commands have in common: {@code --help} and {@code --version}, options in the order in
 * which they are declared, and the exit status 1 for a wrong command line, as {@code wg} has it.
 */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnInvalidInput = 1)
abstract class BaseCommand implements Callable<Integer> {}
