package io.wgnetty.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;

/** Why a request was not done, for the person who made it. */
final class ApiFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  ApiFailure(HttpResponseStatus status, String message) {
    super(message);
    this.status = status.code();
  }

  static ApiFailure badRequest(String message) {
    return new ApiFailure(HttpResponseStatus.BAD_REQUEST, message);
  }

  static ApiFailure notFound(String message) {
    return new ApiFailure(HttpResponseStatus.NOT_FOUND, message);
  }

  /** What a command said, with the exit status that it had. */
  static ApiFailure of(int exitStatus, String message) {
    return new ApiFailure(
        switch (exitStatus) {
          case ExitStatus.USAGE -> HttpResponseStatus.BAD_REQUEST;
          case ExitStatus.NOT_RUNNING -> HttpResponseStatus.NOT_FOUND;
          default -> HttpResponseStatus.CONFLICT;
        },
        message);
  }

  static ApiFailure of(CommandFailure failure) {
    return of(failure.exitStatus(), String.valueOf(failure.getMessage()));
  }

  int status() {
    return status;
  }
}
