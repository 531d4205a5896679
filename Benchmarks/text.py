#!/usr/bin/env python3
"""Finding text, measured on pictures and fonts that training never saw: ours and Tesseract's, side by side.

    make bench-text        (COUNT=n pictures a cell; needs a corpus: QUENCH_CORPUS or ../shared/corpus)

Each cell is one choice of glyph height, contrast, turn, polarity and storage. A line counts as found where regions
cover nine tenths of its ink. Clean pictures have no text: what is flagged there is wrong. Prints a table, and writes
JSON and an HTML page with it.
"""
import argparse
import html
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Models", "training"))
import backgrounds  # noqa: E402
from scenes import Canvas, line_mask, stored  # noqa: E402
from typefaces import typefaces  # noqa: E402

BASE = dict(height=12, contrast=40, turn=0, light=True, storage="raw")
CELLS = (
    [dict(BASE, height=h) for h in (6, 8, 10, 12, 16, 24, 48, 128)]
    + [dict(BASE, contrast=c) for c in (4, 10, 20, 100)]
    + [dict(BASE, turn=t) for t in (90, 180, 270, 12, 30)]
    + [dict(BASE, light=False), dict(BASE, storage="JPEG 50")]
    + [dict(BASE, modality=m) for m in ("CT", "MR", "CR DX MG", "US", "PT NM", "XA RF")]
)


def name(cell):
    return (f"{cell['height']} px, {cell['contrast']} %, {cell['turn']}°, {'light' if cell['light'] else 'dark'}, "
            f"{cell['storage']}{', ' + cell['modality'] if 'modality' in cell else ''}")


def background(rng, pictures, side=512):
    picture = pictures[rng.integers(len(pictures))]
    square = np.full((side, side), int(np.median(picture)), np.uint8)
    part = picture[:side, :side]
    y, x = (side - part.shape[0]) // 2, (side - part.shape[1]) // 2
    square[y:y + part.shape[0], x:x + part.shape[1]] = part
    return square.astype(float)


def with_text(rng, cell, pictures, faces):
    """A picture with lines of one cell; contrast is a share of 255 grey levels above a calm ground."""
    canvas = Canvas(background(rng, pictures))
    if not cell["light"]:
        canvas.picture = 255 - canvas.picture * 0.6
    for _ in range(40):
        if len(canvas.lines) >= (1 if cell["height"] > 60 else 4):
            break
        families = sorted({f.family for f in faces})
        family = families[rng.integers(len(families))]
        choices = [f for f in faces if f.family == family]
        mask = line_mask(rng, choices[rng.integers(len(choices))], cell["height"])
        if mask is None or max(mask.shape) > 480 and cell["height"] <= 60:
            continue
        mask = mask[:, :500]
        if not 0.7 * cell["height"] <= mask.shape[0] <= 1.9 * cell["height"]:
            continue
        canvas.put(rng, mask, cell["turn"], contrast=cell["contrast"] * 2.55, polarity=cell["light"], plain=True)
    return stored(rng, canvas.picture, kind=0.1 if cell["storage"] != "raw" else 0.99, quality=50), canvas.lines


def ours(paths, *options):
    out = subprocess.run([os.path.join(ROOT, ".build/release/quench-bench"), *options], input="\n".join(paths), text=True,
                         capture_output=True, check=True,
                         env=dict(os.environ, OMP_THREAD_LIMIT="1")).stdout
    answers = [json.loads(line) for line in out.splitlines()]
    return [a["regions"] for a in answers], [a["seconds"] for a in answers]


def tesseract(paths, folder):
    """All pictures in one process, so that the model is loaded once; that time is measured and taken off."""
    def run(files):
        listing = os.path.join(folder, "list.txt")
        with open(listing, "w") as file:
            file.write("\n".join(files) + "\n")
        before = os.times()
        subprocess.run(["tesseract", listing, os.path.join(folder, "out"), "--psm", "11", "tsv"], check=True,
                       capture_output=True, env=dict(os.environ, OMP_THREAD_LIMIT="1"))
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    flat = os.path.join(folder, "flat.pgm")
    Image.new("L", (64, 64)).save(flat)
    start = run([flat])
    seconds = run(paths) - start
    pages = [[] for _ in paths]
    with open(os.path.join(folder, "out.tsv")) as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if fields[0] == "5" and fields[11].strip():
                pages[int(fields[1]) - 1].append([int(v) for v in fields[6:10]])
    return pages, [max(seconds, 1e-9) / len(paths)] * len(paths)


def judged(lines, regions, shape):
    covered = np.zeros(shape, bool)
    for x, y, w, h in regions:
        covered[max(0, y):y + h, max(0, x):x + w] = True
    found = sum(1 for part, ink in lines if (covered[part] & ink).sum() >= 0.9 * ink.sum())
    return found, len(lines), covered.mean()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")))
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--clean", type=int, default=60)
    parser.add_argument("--out", default="bench-output")
    options = parser.parse_args()
    if not os.path.isdir(options.corpus):
        raise SystemExit(f"no corpus at {options.corpus}: set QUENCH_CORPUS")
    rng = np.random.default_rng(20)
    named = backgrounds.real_pictures(options.corpus, True, every_rendering=False)
    pictures, faces = [p for _, p in named], typefaces(True)
    os.makedirs(options.out, exist_ok=True)
    rows, engines = [], ("Quench", "without TextNet", "Tesseract --psm 11")
    with tempfile.TemporaryDirectory() as folder:
        def measure(scenes):
            paths = []
            for i, (picture, _) in enumerate(scenes):
                paths.append(os.path.join(folder, f"{i}.pgm"))
                Image.fromarray(picture).save(paths[-1])
            result = {}
            for engine, (pages, seconds) in zip(engines, (ours(paths), ours(paths, "--strokes"), tesseract(paths, folder))):
                scores = [judged(lines, page, picture.shape) for (picture, lines), page in zip(scenes, pages)]
                result[engine] = dict(
                    found=sum(s[0] for s in scores), lines=sum(s[1] for s in scores),
                    area=float(np.mean([s[2] for s in scores])), flagged=sum(1 for s in scores if s[2] > 0),
                    pictures=len(scenes), milliseconds=1000 * float(np.mean(seconds)))
            return result

        for cell in CELLS:
            fitting = [p for row, p in named if "modality" not in cell or row["modality"] in cell["modality"].split()]
            if not fitting:
                print(f"{name(cell):44}  no pictures")
                continue
            scenes = [with_text(rng, cell, fitting, faces) for _ in range(options.count)]
            row = measure(scenes)
            rows.append(dict(cell=name(cell), **row))
            print(f"{name(cell):44}" + "".join(
                f"  {e}: {row[e]['found']}/{row[e]['lines']} lines, {row[e]['milliseconds']:.0f} ms" for e in engines), flush=True)
        distinct = {}
        for source, picture in named:
            distinct.setdefault(source["path"], picture)
        every = max(1, len(distinct) // options.clean)
        chosen = [background(rng, [p]).astype(np.uint8) for _, p in sorted(distinct.items())[::every]]
        clean = measure([(p, []) for p in chosen])
        print("clean pictures" + "".join(
            f"  {e}: {r['flagged']}/{r['pictures']} with a region, area {100 * r['area']:.3f} %, {r['milliseconds']:.1f} ms"
            for e, r in clean.items()))
        ratio = clean[engines[2]]["milliseconds"] / clean[engines[0]]["milliseconds"]
        print(f"a clean picture: Tesseract takes {ratio:.1f} times as long")
    with open(os.path.join(options.out, "text.json"), "w") as file:
        json.dump(dict(cells=rows, clean=clean), file, indent=1)
    with open(os.path.join(options.out, "text.html"), "w") as file:
        file.write(page(rows, clean, engines))
    print(f"written: {options.out}/text.json and {options.out}/text.html")


def page(rows, clean, engines):
    def bar(share, colour):
        return f'<div style="width:12em;background:#eee"><div style="width:{100 * share:.1f}%;background:{colour}">{100 * share:.1f} %</div></div>'
    body = "".join(
        f"<tr><td>{html.escape(r['cell'])}</td>" + "".join(
            f"<td>{bar(r[e]['found'] / max(1, r[e]['lines']), c)}</td><td>{r[e]['milliseconds']:.0f} ms</td>"
            for e, c in zip(engines, ("#7ab", "#9c9", "#db8"))) + "</tr>" for r in rows)
    tail = "".join(f"<p>{e}, clean pictures: {r['flagged']} of {r['pictures']} with a region, {100 * r['area']:.3f} % of the area, "
                   f"{r['milliseconds']:.1f} ms</p>" for e, r in clean.items())
    return ("<!doctype html><meta charset=utf-8><title>Finding text</title><style>body{font:14px sans-serif;margin:2em}td{padding:2px 8px}</style>"
            "<h1>Lines found to nine tenths of their ink</h1><table><tr><th>cell<th colspan=2>" + "<th colspan=2>".join(engines)
            + f"</tr>{body}</table>{tail}")


if __name__ == "__main__":
    main()
