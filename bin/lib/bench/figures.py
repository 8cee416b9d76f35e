"""Part of bin/bench. Reads what iperf3 or ping said, on standard input, and prints the figures in it on one line.

iperf        delivered Mbit/s, bytes delivered, packets sent, percent lost   (the last two are 0 for TCP)
ping COUNT   median and 99th percentile in ms, pings that got no answer

Prints nothing if there is no figure to be had.
"""
import json
import re
import sys


def iperf(text):
    end = json.loads(text)["end"]
    total = end["sum"] if "sum" in end else end["sum_received"]
    if "packets" not in total:  # TCP
        received = end["sum_received"]
        return f"{received['bits_per_second'] / 1e6:.1f} {received['bytes']} 0 0" if received["bytes"] else ""
    if not total["packets"]:
        return ""
    arrived = 1 - total["lost_packets"] / total["packets"]
    rate = total["bits_per_second"] * arrived / 1e6
    return f"{rate:.1f} {int(total['bytes'] * arrived)} {total['packets']} {100 * (1 - arrived):.2f}"


def ping(text, count):
    times = sorted(float(ms) for ms in re.findall(r"time=([0-9.]+) ms", text))
    if not times:
        return ""
    # Who did not answer is slower than everybody who did, but by how much nobody knows: counted beside, not among them.
    nth = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    return f"{nth(0.5):.3f} {nth(0.99):.3f} {max(0, count - len(times))}"


try:
    text = sys.stdin.read()
    print(iperf(text) if sys.argv[1] == "iperf" else ping(text, int(sys.argv[2])))
except (ValueError, KeyError, TypeError):
    print()  # it ended early: no figure
except KeyboardInterrupt:
    sys.exit(130)
