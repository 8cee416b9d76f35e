"""Part of bin/lib/dashboard. Draws panels of the Grafana dashboard as SVG on standard output, from a Prometheus:

picture.py DASHBOARD API FROM TO     seconds since 1970; API such as http://127.0.0.1:9090/api/v1/

What is drawn are the dashboard's own queries; layout and colours are simpler than Grafana's.
"""
import json
import re
import sys
import urllib.parse
import urllib.request
from xml.sax.saxutils import escape

STATS = ["Peers", "Received", "Sent", "Busiest loop", "Drops", "Under load"]
PANELS = ["Throughput", "Packets", "Busy", "Busiest peers", "Datagrams in one system call", "Packets in a batch",
          "Handshakes", "Drops by reason", "Heap"]
VARIABLES = {"$__rate_interval": "4s", "$job": ".*", "$instance": ".*", "$interface": ".*"}
STEP_S = 1
COLUMNS, PANEL_WIDTH, PLOT_HEIGHT, GAP = 3, 330, 120, 14
AXIS_WIDTH, TITLE, LEGEND_STEP, LEGEND_LINES = 54, 26, 14, 2
PANEL_HEIGHT = TITLE + PLOT_HEIGHT + 18 + LEGEND_STEP * LEGEND_LINES + 8
STAT_HEIGHT = 62
COLOURS = ["#2f81f7", "#c77d1e", "#3f9142", "#8a63d2", "#cf4a5a", "#1b9aaa", "#8c7b6b", "#a89a00"]
STYLE = """
text { font: 11px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; font-size: 12px; fill: #24292f }
.value { font-weight: 600; font-size: 20px; fill: #24292f }
.page { fill: #f6f8fa } .panel { fill: #ffffff; stroke: #d8dee4 }
.grid { stroke: #d8dee4; stroke-width: 1; fill: none }
.line { stroke-width: 1.5; fill: none; stroke-linejoin: round }
@media (prefers-color-scheme: dark) {
  text { fill: #9da7b3 } .title, .value { fill: #e6edf3 }
  .page { fill: #0d1117 } .panel { fill: #161b22; stroke: #30363d } .grid { stroke: #30363d }
}
"""
UNITS = {"bps": "bit/s", "pps": "/s", "ops": "/s", "s": "s", "bytes": "B", "Bps": "B/s"}

dashboard, api, begin, end = json.load(open(sys.argv[1])), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
panels = {panel["title"]: panel for panel in dashboard["panels"] if panel["type"] != "row"}
drawn = []


def series(target):
    """Name and points (time, value) of each series of a query."""
    expression = target["expr"]
    for variable, words in VARIABLES.items():
        expression = expression.replace(variable, words)
    parameters = urllib.parse.urlencode({"query": expression, "start": begin, "end": end, "step": STEP_S})
    with urllib.request.urlopen(api + "query_range?" + parameters, timeout=20) as answer:
        result = json.load(answer)["data"]["result"]
    for one in result:
        name = re.sub(r"{{(\w+)}}", lambda label: short(label.group(1), one["metric"]), target["legendFormat"]).strip()
        yield name, [(float(t), float(v)) for t, v in one["values"] if v not in ("NaN", "+Inf")]


def short(label, labels):
    value = labels.get(label, "")
    return value[:8] if label == "public_key" else value.removesuffix(":9586")


def number(value, unit):
    if unit == "percentunit":
        return f"{value * 100:.0f} %"
    for limit, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g} {prefix}{UNITS.get(unit, '')}".strip()
    return f"{value:.3g} {UNITS.get(unit, '')}".strip()


def text(x, y, words, kind="", anchor="start"):
    drawn.append(f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>')


def card(x, y, width, height):
    drawn.append(f'<rect class="panel" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="4"/>')


def stat(title, x, y, width):
    panel = panels[title]
    unit = panel["fieldConfig"]["defaults"]["unit"]
    points = [p for target in panel["targets"] for _, some in series(target) for p in some]
    card(x, y, width, STAT_HEIGHT)
    text(x + 10, y + 18, title + ("" if title in ("Peers", "Under load") else ", most"), "title")
    value = max(v for _, v in points)
    words = {0: "no", 1: "yes"}[value] if title == "Under load" else number(value, unit)
    text(x + 10, y + 46, words, "value")


def round_up(value):
    """The next value with one digit that is easy to halve."""
    scale = 10 ** len(f"{value:.0f}"[1:]) if value >= 1 else 0.1 ** len(re.match(r"0*", f"{value:.6f}"[2:]).group()) / 10
    return next(step * scale for step in (1, 2, 4, 6, 8, 10, 20) if step * scale >= value * 0.999)


def graph(title, x, y):
    panel = panels[title]
    defaults = panel["fieldConfig"]["defaults"]
    unit, stacked = defaults["unit"], defaults["custom"]["stacking"]["mode"] == "normal"
    downwards = [o["matcher"]["options"] for o in panel["fieldConfig"]["overrides"]]
    lines = [(name, points) for target in panel["targets"] for name, points in series(target) if points]
    lines = [line for line in lines if max(v for _, v in line[1]) > 0] or lines[:1]
    lines.sort(key=lambda line: -max(v for _, v in line[1]))
    lines = lines[: 2 * LEGEND_LINES]
    signs = [-1 if any(re.fullmatch(one, name) for one in downwards) else 1 for name, _ in lines]
    most = max((v for _, points in lines for _, v in points), default=0)
    if stacked:
        sums = {}
        for _, points in lines:
            for t, v in points:
                sums[t] = sums.get(t, 0) + v
        most = max(sums.values())
    top = defaults.get("max") or round_up(most or 1)
    bottom = -top if -1 in signs else 0
    left, right, up, down = x + AXIS_WIDTH, x + PANEL_WIDTH - 10, y + TITLE + 4, y + TITLE + 4 + PLOT_HEIGHT
    at_x = lambda t: left + (t - begin) / (end - begin) * (right - left)
    at_y = lambda v: down - (v - bottom) / (top - bottom) * (down - up)

    card(x, y, PANEL_WIDTH, PANEL_HEIGHT)
    text(x + 10, y + 18, title, "title")
    for value in (top, top / 2, 0) if bottom == 0 else (top, 0, bottom):
        drawn.append(f'<path class="grid" d="M{left} {at_y(value):.1f}H{right}"/>')
        text(left - 5, at_y(value) + 4, number(abs(value), unit), anchor="end")
    for seconds in range(0, int(end - begin), 30):
        text(at_x(begin + seconds), down + 14, f"{seconds // 60}:{seconds % 60:02}", anchor="middle")
    base = {}
    for i, (name, points) in enumerate(lines):
        colour = COLOURS[i % len(COLOURS)]
        if stacked:
            path = []
            for t, v in points:
                path.append((at_x(t), at_y(base.get(t, 0) + v)))
            under = [(at_x(t), at_y(base.get(t, 0))) for t, _ in reversed(points)]
            outline = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in path + under) + "Z"
            drawn.append(f'<path d="{outline}" fill="{colour}" fill-opacity="0.6"/>')
            for t, v in points:
                base[t] = base.get(t, 0) + v
        else:
            path = "L".join(f"{at_x(t):.1f} {at_y(signs[i] * v):.1f}" for t, v in points)
            drawn.append(f'<path class="line" stroke="{colour}" d="M{path}"/>')
        legend_x, legend_y = x + 12 + (i % 2) * (PANEL_WIDTH / 2), down + 32 + (i // 2) * LEGEND_STEP
        drawn.append(f'<rect x="{legend_x:.0f}" y="{legend_y - 7:.0f}" width="10" height="4" fill="{colour}"/>')
        text(legend_x + 14, legend_y, name[:28])


width = GAP + COLUMNS * (PANEL_WIDTH + GAP)
stat_width = (width - GAP) / len(STATS) - GAP
for i, title in enumerate(STATS):
    stat(title, GAP + i * (stat_width + GAP), GAP, stat_width)
for i, title in enumerate(PANELS):
    graph(title, GAP + i % COLUMNS * (PANEL_WIDTH + GAP), 2 * GAP + STAT_HEIGHT + i // COLUMNS * (PANEL_HEIGHT + GAP))
height = 2 * GAP + STAT_HEIGHT + -(-len(PANELS) // COLUMNS) * (PANEL_HEIGHT + GAP)
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">')
print(f'<style>{STYLE}</style><rect class="page" width="{width}" height="{height}"/>')
print("\n".join(drawn))
print("</svg>")
