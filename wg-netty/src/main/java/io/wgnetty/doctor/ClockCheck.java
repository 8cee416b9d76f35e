package io.wgnetty.doctor;

import java.util.List;

/** Whether the clock may be right: peers refuse who seems to call from the past. */
final class ClockCheck implements Check {
  private static final String SUBJECT = "clock";

  /** No file of this program is older: 2026-01-01. */
  private static final long EARLIEST_EPOCH_SECONDS = 1_767_225_600L;

  private static final long TOLERANCE_SECONDS = 60;

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    long now = evidence.host().nowEpochSeconds();
    String remedy =
        "set it by NTP (timedatectl set-ntp true); peers accept a handshake only with a later time"
            + " than the last";
    if (now < EARLIEST_EPOCH_SECONDS) {
      return List.of(Diagnosis.problem(SUBJECT, "it stands before 2026", remedy));
    }
    FileFacts file = evidence.file();
    if (file != null && file.changedEpochSeconds() > now + TOLERANCE_SECONDS) {
      return List.of(
          Diagnosis.warning(SUBJECT, "the file was changed later than now: it went back", remedy));
    }
    NodeFacts node = evidence.node();
    if (node != null
        && node.peers().stream()
            .anyMatch(
                peer -> peer.after().number("last_handshake_time_sec") > now + TOLERANCE_SECONDS)) {
      return List.of(
          Diagnosis.warning(SUBJECT, "handshakes were made later than now: it went back", remedy));
    }
    return List.of(Diagnosis.ok(SUBJECT, "it seems right"));
  }
}
