#!/usr/bin/env python3
"""terminal.py TITLE < TEXT > PICTURE: what a terminal shows, as an SVG, in light or dark as its reader has it."""

import html
import sys

WIDTH, HEIGHT, PAD, BAR = 7.25, 17, 14, 26  # of a character; around the text; of the title

lines = sys.stdin.read().rstrip("\n").split("\n")
columns = max(len(line) for line in lines)
width = columns * WIDTH + 2 * PAD
height = len(lines) * HEIGHT + 2 * PAD + BAR
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">')
print("""<style>
.back { fill: #f6f8fa; stroke: #d0d7de } text { fill: #1f2328; font: 12px ui-monospace, Menlo, Consolas, monospace; white-space: pre }
.title { fill: #59636e } .head { font-weight: 600 }
@media (prefers-color-scheme: dark) { .back { fill: #161b22; stroke: #30363d } text { fill: #e6edf3 } .title { fill: #9198a1 } }
</style>""")
print(f'<rect class="back" x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1}" rx="8"/>')
print(f'<text class="title" x="{PAD}" y="{BAR - 6}">{html.escape(sys.argv[1])}</text>')
for number, line in enumerate(lines):
    y = BAR + PAD + HEIGHT * number + 10
    kind = ' class="head"' if line.isupper() or line.startswith("NAME") else ""
    # The length is fixed, so that columns stay columns whatever font there is.
    length = f' textLength="{len(line) * WIDTH:.1f}" lengthAdjust="spacingAndGlyphs"' if line.strip() else ""
    print(f'<text{kind} x="{PAD}" y="{y}"{length} xml:space="preserve">{html.escape(line)}</text>')
print("</svg>")
