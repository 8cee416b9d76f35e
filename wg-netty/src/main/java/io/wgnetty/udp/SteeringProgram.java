package io.wgnetty.udp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A classic BPF program that gives each datagram to the socket of the loop that owns its session:
 * the low bits of the receiver index, which that loop chose, are the number of the socket in its
 * group (SO_ATTACH_REUSEPORT_CBPF).
 *
 * <p>Initiations, and whatever is not ours, belong to no loop: they have a socket of their own
 * behind those of the loops, so that a flood of them fills no other's buffer. The program sees a
 * datagram from its payload on; of datagrams that the kernel has joined, the first.
 */
public final class SteeringProgram {
  /** The index's first byte is all that is looked at. */
  public static final int MAX_BITS = 8;

  private static final int INSTRUCTION_BYTES = 8;

  private static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS, big-endian
  private static final int LOAD_BYTE = 0x30; // BPF_LD | BPF_B | BPF_ABS
  private static final int LOAD_LENGTH = 0x80; // BPF_LD | BPF_W | BPF_LEN
  private static final int JUMP = 0x05; // BPF_JMP | BPF_JA | BPF_K
  private static final int JUMP_IF_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
  private static final int JUMP_IF_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
  private static final int AND = 0x54; // BPF_ALU | BPF_AND | BPF_K
  private static final int RETURN_NUMBER = 0x06; // BPF_RET | BPF_K
  private static final int RETURN_RESULT = 0x16; // BPF_RET | BPF_A

  /** Shorter is no message; the kernel would take a load beyond the end as the number 0. */
  private static final int MIN_MESSAGE_BYTES = 32;

  /** The type byte and its three zero bytes, as a big-endian word. */
  private static final int RESPONSE = 0x0200_0000;

  private static final int COOKIE_REPLY = 0x0300_0000;
  private static final int TRANSPORT = 0x0400_0000;
  private static final int RESPONSE_RECEIVER = 8;
  private static final int RECEIVER = 4;

  private final ByteBuffer instructions;

  /**
   * The program of an interface.
   *
   * @param bits how many low bits of a receiver index are the number of its owner
   * @param owners how many owners there are; the socket with this number gets what is nobody's
   */
  public SteeringProgram(int bits, int owners) {
    if (bits < 0 || bits > MAX_BITS) {
      throw new IllegalArgumentException("bits of an owner's number out of range: " + bits);
    }
    if (owners < 1 || owners > 1 << bits) {
      throw new IllegalArgumentException("owners out of range: " + owners);
    }
    int mask = (1 << bits) - 1;
    // Jumps count the instructions that they pass over.
    int[][] program = {
      {LOAD_LENGTH, 0, 0, 0},
      {JUMP_IF_AT_LEAST, 0, 11, MIN_MESSAGE_BYTES}, // else to the end
      {LOAD_WORD, 0, 0, 0},
      {JUMP_IF_EQUAL, 2, 0, TRANSPORT},
      {JUMP_IF_EQUAL, 1, 0, COOKIE_REPLY},
      {JUMP_IF_EQUAL, 2, 7, RESPONSE}, // else to the end
      {LOAD_BYTE, 0, 0, RECEIVER},
      {JUMP, 0, 0, 1},
      {LOAD_BYTE, 0, 0, RESPONSE_RECEIVER},
      {AND, 0, 0, mask},
      {JUMP_IF_AT_LEAST, 1, 0, owners},
      {RETURN_RESULT, 0, 0, 0},
      {RETURN_NUMBER, 0, 0, 0}, // an index that no loop has given: any will drop it
      {RETURN_NUMBER, 0, 0, owners},
    };
    instructions =
        ByteBuffer.allocateDirect(program.length * INSTRUCTION_BYTES)
            .order(ByteOrder.nativeOrder());
    for (int[] instruction : program) {
      instructions
          .putShort((short) instruction[0])
          .put((byte) instruction[1])
          .put((byte) instruction[2])
          .putInt(instruction[3]);
    }
    instructions.flip();
  }

  /** How many instructions it has. */
  int length() {
    return instructions.limit() / INSTRUCTION_BYTES;
  }

  /** The instructions as {@code struct sock_filter}, in direct memory. */
  ByteBuffer instructions() {
    return instructions.duplicate().order(ByteOrder.nativeOrder());
  }
}
