"""Part of bin/bench. Prints the table of a run: table.py RAW-FIGURES"""
import sys

from results import FIGURES, Results

results = Results(sys.argv[1])


def cell(figure, name):
    spread = results.spreads[figure].get(name)
    if spread is None:
        return "-"
    if spread.median is None:
        return "failed"
    digits = FIGURES[figure][3]
    text = f"{spread.median:.{digits}f} [{spread.least:.{digits}f}-{spread.most:.{digits}f}]"
    if spread.failures:
        text += f" ({spread.failures} failed)"
    ratio = results.ratio(figure, name)
    return text + (f" x{ratio:.2f}" if ratio is not None else "")


rows = [["", "", ""] + results.names]
for figure in results.spreads:
    _, unit, more, _ = FIGURES[figure]
    rows.append([figure, unit, "more" if more else "less"] + [cell(figure, name) for name in results.names])
widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

print()
for line in results.machine_lines():
    print(line)
print()
for row in rows:
    left = [text.ljust(width) for text, width in zip(row[:3], widths)]
    print("  ".join(left + [text.rjust(width) for text, width in zip(row[3:], widths[3:])]).rstrip())
print()
print(f"median [least-most] of the rounds, and its ratio to {results.names[0]}'s; 'more' or 'less' is better")
for note in results.notes:
    print(f"* {note}")
