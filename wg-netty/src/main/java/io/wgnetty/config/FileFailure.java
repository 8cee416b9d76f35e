package io.wgnetty.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why the system would not let a file be read or written, without the file's name: that is for the
 * caller to say, who knows the one that was asked for. The JDK names whatever file it was at, which
 * may be a temporary one, and sometimes nothing else.
 */
public final class FileFailure {
  private FileFailure() {}

  /** The reason alone, such as {@code No space left on device}. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (e instanceof NotDirectoryException) {
      return "Not a directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof FileNotFoundException && message.endsWith(")")) {
      return message.substring(message.lastIndexOf('(') + 1, message.length() - 1); // PATH (REASON)
    }
    return message;
  }
}
