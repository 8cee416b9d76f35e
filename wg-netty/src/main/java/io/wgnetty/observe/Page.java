package io.wgnetty.observe;

import java.util.concurrent.CompletionStage;

/** Something that the metrics server shows. Asked on the server's I/O thread: must not block it. */
@FunctionalInterface
interface Page {
  CompletionStage<Answer> answer();
}
