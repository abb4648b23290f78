"""Draw the cost of grouping as an SVG for the docs: seconds against articles, both on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP = 640, 340, 64, 24
SPAN, RISE = WIDTH - LEFT - 24, HEIGHT - TOP - 52


def draw(path: Path, points: Sequence[tuple[int, float]]) -> None:
    """Write the curve of (articles, seconds on one core)."""
    low, high = math.log10(points[0][0]), math.log10(points[-1][0])
    floor = math.floor(math.log10(min(seconds for _, seconds in points)))
    roof = math.ceil(math.log10(max(seconds for _, seconds in points)))

    def place(articles: float, seconds: float) -> tuple[float, float]:
        x = LEFT + SPAN * (math.log10(articles) - low) / (high - low)
        return round(x, 1), round(TOP + RISE * (roof - math.log10(seconds)) / (roof - floor), 1)

    lines = [_text(LEFT + SPAN / 2, HEIGHT - 10, "articles"), _text(14, TOP - 8, "seconds on one core", "start")]
    for power in range(floor, roof + 1):
        x, y = place(points[0][0], 10**power)
        lines.append(f'<path d="M{x} {y}h{SPAN}" stroke="#8886" />')
        lines.append(_text(x - 8, y + 4, f"{10**power:g}", "end"))
    for articles, seconds in points:
        x, y = place(articles, seconds)
        lines.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#0b6e99" />')
        lines.append(_text(x, y - 10, f"{seconds:.2g} s"))
        lines.append(_text(x, HEIGHT - 30, f"{articles:,}"))
    curve = " ".join(f"{x},{y}" for x, y in (place(*point) for point in points))
    lines.append(f'<polyline points="{curve}" fill="none" stroke="#0b6e99" stroke-width="2" />')
    body = "\n".join(lines)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="Cost of grouping">\n<g font-family="sans-serif" font-size="12" fill="#777">\n'
        f"{body}\n</g>\n</svg>\n"
    )


def _text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
