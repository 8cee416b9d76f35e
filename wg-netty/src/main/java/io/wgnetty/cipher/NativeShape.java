package io.wgnetty.cipher;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;

/**
 * One signature for functions of different ones. The JDK makes some twenty classes for each
 * signature that it has not met before, at each start.
 *
 * <p>Integers and pointers travel in registers: six of them by the conventions of x86-64, eight by
 * those of AArch64 and RISC-V. A function looks at those that it has parameters for, and of them at
 * the bits that it has a type for; in the result all bits beyond the type are undefined. So pass 0
 * for what there is no parameter for, and narrow what comes back.
 */
final class NativeShape {
  /** Up to six integers or pointers, and one of them or nothing back. */
  static final FunctionDescriptor SIX =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private NativeShape() {}
}
