"""Part of bin/bench. Draws the figures of a run as SVG on standard output: chart.py RAW-FIGURES

One panel a figure, one bar an implementation; the bar is the median, the whisker reaches from the least to the most.
"""
import sys
from xml.sax.saxutils import escape

from results import FIGURES, Results

COLUMNS = 3
PANEL_WIDTH, GAP = 300, 24
NAME_WIDTH, VALUE_WIDTH = 84, 92
BAR, BAR_STEP, TITLE = 14, 22, 30
# Told apart by everybody, and legible on white as on black.
COLOURS = {"wg-netty": "#2f81f7", "wireguard-go": "#c77d1e", "boringtun": "#8a63d2", "kernel": "#3f9142"}
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #57606a }
.title { font-weight: 600; fill: #24292f }
.small { font-size: 11px }
.axis, .whisker { stroke: #57606a; stroke-width: 1.2; fill: none }
@media (prefers-color-scheme: dark) {
  text { fill: #9da7b3 }
  .title { fill: #e6edf3 }
  .axis, .whisker { stroke: #9da7b3 }
}
"""

results = Results(sys.argv[1])
figures = [figure for figure in results.spreads if any(s.median is not None for s in results.spreads[figure].values())]
panel_height = TITLE + BAR_STEP * len(results.names) + 14
drawn = []


def text(x, y, words, kind="", anchor="start"):
    drawn.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>')


def bar(left, y, name, spread, figure, scale):
    text(left + NAME_WIDTH - 6, y + BAR - 3, name, anchor="end")
    start = left + NAME_WIDTH
    if spread is None or spread.median is None:
        text(start + 4, y + BAR - 3, "-" if spread is None else "failed", "small")
        return
    drawn.append(
        f'<rect x="{start}" y="{y}" width="{spread.median * scale:.1f}" height="{BAR}" fill="{COLOURS.get(name, "#888")}"/>'
    )
    low, high, middle = start + spread.least * scale, start + spread.most * scale, y + BAR / 2
    drawn.append(
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {y + 3}V{y + BAR - 3}M{high:.1f} {y + 3}V{y + BAR - 3}"/>'
    )
    value = f"{spread.median:,.{FIGURES[figure][3]}f}"
    ratio = results.ratio(figure, name)
    if ratio is not None and name != results.names[0]:
        value += f"  ×{ratio:.2f}"
    text(high + 5, y + BAR - 3, value, "small")


def panel(left, top, figure):
    words, unit, more, _ = FIGURES[figure]
    row = results.spreads[figure]
    text(left, top + 14, f"{words}, {unit}", "title")
    text(left + PANEL_WIDTH, top + 14, "more is better" if more else "less is better", "small", "end")
    most = max(spread.most for spread in row.values() if spread.most is not None)
    scale = (PANEL_WIDTH - NAME_WIDTH - VALUE_WIDTH) / most if most else 0
    for i, name in enumerate(results.names):
        bar(left, top + TITLE + i * BAR_STEP, name, row.get(name), figure, scale)
    x = left + NAME_WIDTH
    drawn.append(f'<path class="axis" d="M{x} {top + TITLE - 4}V{top + TITLE + BAR_STEP * len(results.names) - 4}"/>')


for i, figure in enumerate(figures):
    panel(GAP + (i % COLUMNS) * (PANEL_WIDTH + GAP), GAP + (i // COLUMNS) * panel_height, figure)
bottom = GAP + -(-len(figures) // COLUMNS) * panel_height + 10
for line in [*results.machine_lines(), *results.notes]:
    text(GAP, bottom, line, "small")
    bottom += 16
width, height = GAP + COLUMNS * (PANEL_WIDTH + GAP), bottom + 6
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">')
print(f"<style>{STYLE}</style>")
print("\n".join(drawn))
print("</svg>")
