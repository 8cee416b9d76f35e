package io.wgnetty.config;

import java.util.List;

/**
 * Shell commands that a file asks for, in the order of the file. {@code %i} stands for the
 * interface's name and is still in them.
 */
public record Hooks(
    List<String> preUp, List<String> postUp, List<String> preDown, List<String> postDown) {
  public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), List.of());

  public Hooks {
    preUp = List.copyOf(preUp);
    postUp = List.copyOf(postUp);
    preDown = List.copyOf(preDown);
    postDown = List.copyOf(postDown);
  }
}
