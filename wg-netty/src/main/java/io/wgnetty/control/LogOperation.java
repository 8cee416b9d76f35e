package io.wgnetty.control;

import java.util.Map;
import java.util.function.Consumer;

/** {@code do=log}: changes what goes to the log, to {@code level=WORD}. */
public final class LogOperation implements Operation {
  private final Consumer<String> apply;

  /**
   * @param apply changes the level; throws IllegalArgumentException, saying which words there are,
   *     for any other
   */
  public LogOperation(Consumer<String> apply) {
    this.apply = apply;
  }

  @Override
  public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    String level = arguments.get("level");
    if (level == null) {
      throw new OperationFailure("log: which level? level=WORD");
    }
    try {
      apply.accept(level);
    } catch (IllegalArgumentException e) {
      throw new OperationFailure("log: " + e.getMessage());
    }
    out.line("level", level);
  }
}
