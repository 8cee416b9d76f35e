#!/bin/bash
# Part of bin/bench: what upgrades of a node cost those who use the tunnel. Two nodes of ours on one cable; beside TCP at a fixed
# rate, numbered datagrams go both ways, while a newer process takes the place of one node again and again.
#
# usage: upgrades.sh COUNT
. "$(dirname "$0")/../../../interop/lib.sh"

count=$1
rate=${RATE:-2000}         # datagrams of 1,200 bytes a second, in each direction
tcp_rate=${TCP_RATE:-200M} # beside them
pause_s=3                  # between two upgrades
warm_up_s=3

begin_upgrades() {
  local i
  sleep "$warm_up_s"
  for ((i = 0; i < count; i++)); do
    printf '%s ' "$((${EPOCHREALTIME/./} / 1000 - began_ms))" >>"$work/upgrades"
    timeout 120 "$ours" upgrade "$(iface a)" >>"$work/upgrades"
    sleep "$pause_s"
  done
}

measure() {
  local tcp udp_a udp_b seconds=$((warm_up_s + count * (pause_s + 4)))
  iperf a "$(inner4 b)" -b 50M -t 2 >/dev/null
  began_ms=$((${EPOCHREALTIME/./} / 1000))
  on a iperf3 -J -c "$(inner4 b)" -t "$seconds" -b "$tcp_rate" -i 1 >"$work/tcp" & tcp=$!
  on a "$interop/numbered.py" "$(inner4 b)" 7100 "$rate" "$seconds" >"$work/udp-a" & udp_a=$!
  on b "$interop/numbered.py" "$(inner4 a)" 7100 "$rate" "$seconds" >"$work/udp-b" & udp_b=$!
  begin_upgrades
  wait "$udp_a" "$udp_b" "$tcp"
  python3 - "$rate" "$work" <<'PY'
import json, re, statistics, sys

rate, work = int(sys.argv[1]), sys.argv[2]
moments, gaps = [], []
for line in open(work + "/upgrades"):
    found = re.match(r"(\d+) .*for ([0-9.]+) ms", line)
    if not found:
        sys.exit("an upgrade failed: " + line)
    moments.append(int(found[1]) / 1000)
    gaps.append(float(found[2]))
gaps.sort()
print(f"{len(gaps)} upgrades; nothing was read or sent for {statistics.median(gaps):.1f} ms (median), {gaps[-1]:.1f} ms at most")
print(f"{rate} datagrams of 1,200 bytes a second, each way:")
for name, way in (("udp-b", "from the upgraded node"), ("udp-a", "to the upgraded node")):
    udp = json.load(open(f"{work}/{name}"))
    seconds = udp["by_second"]
    after = sorted(seconds[int(m) + k] for m in moments for k in range(0, 6) if int(m) + k < len(seconds) - 4)
    print(f"  {way}: {udp['lost']} of {udp['sent']} lost, {udp['doubled']} doubled, {udp['overtaken']} overtaken; longest silence "
          f"{udp['silence_ms']} ms; seconds from the request on: {after[0]} datagrams in the slowest, {statistics.median(after):.0f} in the median")
tcp = json.load(open(work + "/tcp"))
intervals = [i["sum"]["bits_per_second"] / 1e6 for i in tcp["intervals"]]
print(f"TCP beside them: {tcp['end']['sum_received']['bits_per_second'] / 1e6:.0f} Mbit/s, {min(intervals[:-1]):.0f} in the slowest second, "
      f"{tcp['end']['sum_sent']['retransmits']} segments sent again")
PY
}

pair ours ours
iperf_server b
reaches a "$(inner4 b)"
measure
