package io.wgnetty.wrong.peer;

/** Wrong in its name. */
public final class WrongImpl {}
