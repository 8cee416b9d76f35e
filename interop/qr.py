#!/usr/bin/env python3
"""qr.py TEXT PICTURE: a QR code that a terminal shows with half blocks, as a picture (PGM) that a camera would see.

The terminal is a dark one: a block is light, a space is dark.
"""

import re
import sys

SHADES = {" ": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
SCALE = 6

text = re.sub(r"\x1b\[[0-9;]*m", "", open(sys.argv[1], encoding="utf-8").read())
lines = [line for line in text.splitlines() if line.strip() and set(line) <= set(SHADES)]
width = max(len(line) for line in lines)
rows = []
for line in lines:
    pairs = [SHADES[character] for character in line.ljust(width)]
    rows.append([upper for upper, _ in pairs])
    rows.append([lower for _, lower in pairs])
border = 4
width += 2 * border
rows = [[1] * width] * border + [[1] * border + row + [1] * border for row in rows] + [[1] * width] * border
with open(sys.argv[2], "wb") as out:
    out.write(b"P5 %d %d 255\n" % (width * SCALE, len(rows) * SCALE))
    for row in rows:
        out.write(bytes(255 * shade for shade in row for _ in range(SCALE)) * SCALE)
