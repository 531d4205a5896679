"""Plots as SVG, with nothing from outside."""
import html

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 520, 260, 48, 16, 40
#: Told apart by those who see red and green alike, too.
COLOURS = ("#0b6fa4", "#d9822b", "#3f9c6b", "#8b5fa8", "#c0392b")


def points(title, levels, series, joined=True):
    """Shares of each series at each level, with whiskers for how sure they are.

    `series` is a list of (name, {level: share as `scoring.share` has it}).
    """
    known = [f for _, values in series for f in values.values() if f["count"]]
    lowest = min((f["low"] for f in known), default=0)
    floor = next(f for f in (.9, .8, .5, 0) if f <= lowest)
    step = (WIDTH - LEFT - 10) / len(levels)
    x = lambda i, k: LEFT + step * (i + .5) + (k - (len(series) - 1) / 2) * min(12, step / (len(series) + 1))
    y = lambda share: TOP + (HEIGHT - TOP - BOTTOM) * (1 - (share - floor) / (1 - floor))
    parts = axes(floor, y) + [
        f'<text x="{LEFT + step * (i + .5):.0f}" y="{HEIGHT - 24}" class="middle">{html.escape(str(level))}</text>'
        for i, level in enumerate(levels)]
    for k, (name, values) in enumerate(series):
        at = [(x(i, k), values[level]) for i, level in enumerate(levels) if values.get(level, {}).get("count")]
        parts += drawn(at, y, COLOURS[k % len(COLOURS)], joined) + [legend(k, name)]
    return (f'<figure><figcaption>{html.escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
            + "".join(parts) + "</svg></figure>")


def axes(floor, y):
    parts = []
    for i in range(6):
        share = floor + (1 - floor) * i / 5
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{y(share):.1f}" y2="{y(share):.1f}" class="grid"/>'
                     f'<text x="{LEFT - 6}" y="{y(share) + 4:.1f}" class="end">{100 * share:.0f} %</text>')
    return parts


def drawn(at, y, colour, joined):
    line = " ".join(f"{x:.1f},{y(figure['share']):.1f}" for x, figure in at)
    parts = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>'] if joined else []
    for x, figure in at:
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y(figure["low"]):.1f}" y2="{y(figure["high"]):.1f}" '
                     f'stroke="{colour}" stroke-opacity=".5"/>'
                     f'<circle cx="{x:.1f}" cy="{y(figure["share"]):.1f}" r="3.2" fill="{colour}">'
                     f'<title>{figure["hits"]} of {figure["count"]}</title></circle>')
    return parts


def legend(k, name):
    x = LEFT + k * 92
    return (f'<circle cx="{x + 4}" cy="{HEIGHT - 8}" r="4" fill="{COLOURS[k % len(COLOURS)]}"/>'
            f'<text x="{x + 12}" y="{HEIGHT - 4}">{html.escape(name)}</text>')
