"""The figures as text and as a page of HTML that needs nothing else."""
import html

import charts
from engines import OURS, PRESIDIO, TESSERACT
from figures import ORDERS

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 76em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; margin: .6em 0 1.4em } td, th { padding: 3px 10px; text-align: right }
th { border-bottom: 1px solid #999 } td:first-child, th:first-child { text-align: left } tr:nth-child(even) td { background: #f6f6f6 }
.aim { background: #bfe3c6 !important } .must { background: #e7efb5 !important } .neither { background: #f3c0b5 !important }
small { color: #777 } figure { display: inline-block; margin: 0 1em 1em 0; width: 36em } figcaption { font-weight: 600 }
svg { width: 100% } svg text { font-size: 12px } .middle { text-anchor: middle } .end { text-anchor: end } .grid { stroke: #ddd }
"""
NOTES = (
    "A line is found where regions cover nine tenths of its ink. In brackets: of how many, and the 95 % interval (Wilson); lines of "
    "one picture share its ground, so the truth is a little less sure than that.",
    "Height is that of capitals and figures. Contrast is the share of 255 grey levels between ink and the median of the ground under "
    "the line; that ground varies by less than a third of it (standard deviation), on busy ground by one to two thirds.",
    "Contrast is as drawn, before storage, which wears small and faint letters most: “left” is the share that it spared.",
    "A table for one factor holds lines that are core in all others.",
)


def percent(value, places=1):
    return "–" if value is None else f"{100 * value:.{places}f} %"


def written(figure):
    """A share, of how many, and how sure."""
    if not figure["count"]:
        return "–"
    return f"{percent(figure['share'])} ({figure['count']}; {percent(figure['low'])} … {percent(figure['high'])})"


def level(row):
    return ", ".join(map(str, row["level"]))


# MARK: - Text

def show(found):
    for row in found["headline"]:
        value, must, aim = (amount(row, key) for key in ("reached", "must", "aim"))
        print(f"{row['name']:72} {value:>9}  must {must:>7}  aim {aim:>7}  {row['meets']}")
    print(f"\n{'lines found':56} {OURS:34} {TESSERACT}")
    for name, row in found["groups"].items():
        print(f"{name:56} {written(row[OURS]):34} {written(row[TESSERACT])}")
    for factor, rows in found["factors"].items():
        for row in rows:
            print(f"{factor + ' ' + level(row):56} {written(row[OURS]):34} {written(row[TESSERACT])}")
    for line in remarks(found):
        print(line)


def amount(row, key):
    value = row[key]
    if row["target"] == "kept":
        return str(value)
    return percent(value, 3 if row["target"] == "area" else 2)


def remarks(found):
    """What is told in words, beside the tables."""
    personal = found["personal"]
    yield (f"Lines about a person taken for harmless: {personal['all']['hits']} of {personal['all']['count']}; "
           f"{personal['header knows']['hits']} of {personal['header knows']['count']} where the header has them.")
    yield f"Technical lines taken for harmless, which saves a mask: {written(found['technical'])}."
    for name, clean in found["clean"].items():
        for engine, figure in clean.items():
            yield (f"Clean pictures ({name}), {engine}: {figure['hits']} of {figure['count']} with a region, "
                   f"{percent(figure['area'], 3)} of the area.")
    for name, seconds in found["seconds"].items():
        each = ", ".join(f"{engine} {1000 * value:.0f} ms" for engine, value in seconds.items())
        yield f"Processor time a picture ({name}): {each}."
    yield presidio(found["presidio"])


def presidio(figures):
    if figures is None:
        return "Presidio: not installed, or not asked."
    seconds = "" if figures["seconds"] is None else f", {1000 * figures['seconds']:.0f} ms each"
    sides = (f"{name}: " + ", ".join(f"{engine} {written(figure)}" for engine, figure in row.items())
             for name, row in figures["recalls"].items())
    return (f"Presidio (with a blank language model, as none is on PyPI) was shown {figures['shown']} pictures, refused "
            f"{figures['refused']}{seconds}. It masks what it takes for personal and no label before it, so that only "
            f"lines about a person without a label count: {'; '.join(sides)}.")


# MARK: - HTML

def page(found):
    counts = ", ".join(f"{count} {name}" for name, count in found["pictures"].items())
    body = [f"<h1>Finding text</h1><p>Seed {found['seed']}; pictures: {counts}; {len(found['sources'])} grounds and "
            f"{len(found['fonts'])} designs of fonts that training never saw.</p>", headline(found["headline"])]
    body += [f"<p><small>{html.escape(note)}</small></p>" for note in NOTES]
    body += ["<h2>Groups</h2>", table(("lines found", OURS, TESSERACT), [
        [name, written(row[OURS]), written(row[TESSERACT])] for name, row in found["groups"].items()])]
    body += ["<h2>Plots</h2>"] + plots(found) + ["<h2>By one factor</h2>"]
    for factor, rows in found["factors"].items():
        body.append(table((factor, OURS, TESSERACT), [[level(r), written(r[OURS]), written(r[TESSERACT])] for r in rows]))
    body.append("<h2>By two factors</h2>")
    body += [grid(g["factors"], g["cells"], engine) for g in found["grids"] for engine in (OURS, TESSERACT)]
    body += ["<h2>More</h2>", peers(found["presidio"])] + [f"<p>{html.escape(line)}</p>" for line in remarks(found)]
    body += ["<h2>Missed lines</h2>", listing(found["missed"]), "<h2>Clean pictures with a region</h2>", flagged(found["clean"])]
    return (f"<!doctype html><html lang=en><meta charset=utf-8><title>Finding text</title><style>{STYLE}</style>"
            + "\n".join(body) + "</html>\n")


def table(heads, rows):
    """Rows of text; a cell may also be text and a class."""
    def cell(value):
        value, kind = value if isinstance(value, tuple) else (value, "")
        return f'<td class="{kind}">{html.escape(str(value))}</td>' if kind else f"<td>{html.escape(str(value))}</td>"
    return ("<table><tr>" + "".join(f"<th>{html.escape(str(h))}</th>" for h in heads) + "</tr>"
            + "".join("<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows) + "</table>")


def headline(rows):
    interval = lambda r: "" if r["low"] is None else f"{percent(r['low'])} … {percent(r['high'])}"
    return table(("target", "must", "aim", "reached", "of", "95 % interval"), [
        [r["name"], amount(r, "must"), amount(r, "aim"), (amount(r, "reached"), r["meets"]), r["count"], interval(r)]
        for r in rows])


def plots(found):
    result = []
    both = {tuple(row["level"]): row for row in found["grids"][0]["cells"]}
    for engine in (OURS, TESSERACT):
        series = [(f"{c} %", {h: both[h, c][engine] for h in ORDERS["height"] if (h, c) in both}) for c in ORDERS["contrast"]]
        result.append(charts.points(f"Lines found by glyph height in pixels, at each contrast: {engine}", ORDERS["height"], series))
    for factor, rows in found["factors"].items():
        series = [(engine, {row["level"][0]: row[engine] for row in rows}) for engine in (OURS, TESSERACT)]
        result.append(charts.points(
            f"Lines found by {factor}", [row["level"][0] for row in rows], series, joined=factor in ("height", "contrast")))
    return result


def grid(factors, rows, engine):
    downs, across = ([v for v in ORDERS[f] if any(row["level"][i] == v for row in rows)] for i, f in enumerate(factors))
    by_level = {tuple(row["level"]): row[engine] for row in rows}
    return f"<h3>{engine}: {factors[0]} × {factors[1]}</h3>" + table((factors[0], *across), [
        [down, *(brief(by_level.get((down, a))) for a in across)] for down in downs])


def brief(figure):
    return f"{percent(figure['share'], 0)} of {figure['count']}" if figure and figure["count"] else ""


def peers(figures):
    if figures is None:
        return "<p>Presidio: not installed, or not asked.</p>"
    engines = (OURS, TESSERACT, PRESIDIO)
    return table(("lines about a person, on Presidio's pictures", *engines), [
        [name, *(written(row[engine]) for engine in engines)] for name, row in figures["recalls"].items()])


def listing(missed, most=200):
    columns = ("height", "contrast", "degrees", "light", "storage", "left", "modality", "text", "font", "source")
    return table(columns, [[row[c] for c in columns] for row in missed[:most]])


def flagged(clean):
    return table(("picture", "area", "regions"), [
        [row["source"], percent(row["area"], 3), row["regions"]] for figures in clean.values() for row in figures[OURS]["flagged"]])
