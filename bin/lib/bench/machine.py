"""Part of bin/bench. Prints, as one line of JSON, what the figures of a run were measured on."""
import argparse
import json
import os
import platform

parser = argparse.ArgumentParser()
for option in ("--date", "--revision", "--jdk"):
    parser.add_argument(option, required=True)
for option in ("--rounds", "--seconds", "--warm-up"):
    parser.add_argument(option, type=int, required=True)
for option in ("--versions", "--notes"):
    parser.add_argument(option, nargs="*", default=[])
asked = parser.parse_args()


def field(path, name, separator):
    with open(path) as lines:
        for line in lines:
            key, _, value = line.partition(separator)
            if key.strip() == name:
                return value.strip().strip('"')
    return ""


cpu = field("/proc/cpuinfo", "model name", ":") or platform.machine()
virtual = " hypervisor" in field("/proc/cpuinfo", "flags", ":")
print(
    json.dumps(
        {
            "date": asked.date,
            "revision": asked.revision,
            "cpu": cpu + (" (virtual machine)" if virtual else ""),
            "cores": len(os.sched_getaffinity(0)),
            "memoryMB": int(field("/proc/meminfo", "MemTotal", ":").split()[0]) // 1024,
            "kernel": platform.release(),
            "system": field("/etc/os-release", "PRETTY_NAME", "="),
            "jdk": asked.jdk.strip(),
            "versions": dict(version.split("=", 1) for version in asked.versions),
            "rounds": asked.rounds,
            "secondsPerLoad": asked.seconds,
            "warmUpSeconds": asked.warm_up,
            "notes": asked.notes,
        }
    )
)
