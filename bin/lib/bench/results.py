"""Part of bin/bench. The figures of a run, as table.py and chart.py need them."""
import json
import statistics

# figure: what it is, its unit, whether more is better, digits after the point
FIGURES = {
    "tcp1": ("TCP, 1 stream", "Mbit/s", True, 0),
    "tcp4": ("TCP, 4 streams", "Mbit/s", True, 0),
    "tcpR": ("TCP, reverse", "Mbit/s", True, 0),
    "udp64": ("UDP, 64 bytes", "Mbit/s", True, 1),
    "udp1350": ("UDP, 1350 bytes", "Mbit/s", True, 0),
    "cpuGB": ("CPU per GB of TCP", "s", False, 2),
    "cpuPkt": ("CPU per UDP packet", "µs", False, 2),
    "ping50": ("ping, idle, median", "ms", False, 3),
    "ping99": ("ping, idle, 99%", "ms", False, 3),
    "pingLoad50": ("ping beside TCP, median", "ms", False, 2),
    "pingLoad99": ("ping beside TCP, 99%", "ms", False, 2),
    "rssMB": ("memory", "MB", False, 0),
}


class Spread:
    """What one implementation reached for one figure, over all rounds."""

    def __init__(self, values):
        self.failures = sum(value is None for value in values)
        good = [value for value in values if value is not None]
        self.median = statistics.median(good) if good else None
        self.least = min(good, default=None)
        self.most = max(good, default=None)


class Results:
    def __init__(self, path):
        with open(path) as lines:
            self.machine = json.loads(next(lines))
            records = [json.loads(line) for line in lines]
        self.names = list(self.machine["versions"])
        self.notes = list(self.machine["notes"])
        values = {}
        lost = {}
        for record in records:
            values.setdefault(record["figure"], {}).setdefault(record["implementation"], []).append(record["value"])
            if record["figure"].endswith("50") and record.get("lost"):
                lost.setdefault((record["implementation"], record["figure"]), []).append(record["lost"])
        self.spreads = {
            figure: {name: Spread(found) for name, found in values[figure].items()}
            for figure in FIGURES
            if figure in values
        }
        for (name, figure), counts in lost.items():
            self.notes.append(f"{name}: {FIGURES[figure][0].rsplit(',', 1)[0]}: {sum(counts)} pings got no answer")

    def ratio(self, figure, name):
        """To the first implementation; None if one of the two has no figure."""
        row = self.spreads[figure]
        first, this = row.get(self.names[0]), row.get(name)
        if not first or not this or not first.median or this.median is None:
            return None
        return this.median / first.median

    def machine_lines(self):
        machine = self.machine
        yield f"{machine['cpu']}, {machine['cores']} cores, {machine['memoryMB']} MB, Linux {machine['kernel']}, {machine['system']}"
        yield (
            f"{machine['date']}, rounds: {machine['rounds']}, {machine['secondsPerLoad']} s a load, "
            f"{machine['warmUpSeconds']} s of warm-up"
        )
        for name, version in machine["versions"].items():
            jdk = f", on {machine['jdk']}" if name.startswith("wg-netty") and machine["jdk"] else ""
            yield f"{name}: {version}{jdk}"
