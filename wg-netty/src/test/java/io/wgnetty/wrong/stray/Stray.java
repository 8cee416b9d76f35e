package io.wgnetty.wrong.stray;

/** Wrong: its package has no place in the order. */
public final class Stray {}
