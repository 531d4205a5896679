#!/usr/bin/env python3
"""Finding text, measured on pictures and fonts that training never saw: ours, Tesseract, and Presidio where installed.

    make bench-text        (COUNT=n pictures with text, SEED=n for another set; needs QUENCH_CORPUS or ../shared/corpus)

Each picture with text draws one combination of glyph height, contrast, turn, polarity, storage and modality
(`pictures.py`). A line counts as found where regions cover nine tenths of its ink. Clean pictures have no text: what is
flagged there is wrong. Prints tables, and writes them as JSON and as a page with plots.
"""
import argparse
import json
import os
import sys
import tempfile
import warnings

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Models", "training"))
import engines  # noqa: E402
import figures  # noqa: E402
import pictures  # noqa: E402
import report  # noqa: E402
import sheets  # noqa: E402
import unseen  # noqa: E402
from engines import OURS, TESSERACT  # noqa: E402

def main():
    options = arguments()
    warnings.filterwarnings("ignore", module="pydicom")
    os.makedirs(options.out, exist_ok=True)
    sources, faces = unseen.unseen_pictures(options.corpus), unseen.unseen_faces()
    print(f"{len(sources)} pictures and {len(faces)} designs of fonts that training never saw", flush=True)
    sets = {
        "text": pictures.text_scenes(options.seed, options.count, sources, faces),
        "busy": pictures.text_scenes(options.seed, max(1, options.count // 8), sources, faces, busy=True),
        "real": pictures.clean_scenes(sources),
        "made up": pictures.made_up_scenes(options.seed),
        "odd": pictures.odd_scenes(options.seed),
    }
    with tempfile.TemporaryDirectory() as folder:
        answers = {name: answered(scenes, folder, name) for name, scenes in sets.items()}
        chosen = np.random.default_rng([options.seed, pictures.SUBSET]).permutation(options.count)[:options.presidio]
        peer = engines.presidio([sets["text"][i] for i in chosen], folder) if options.presidio else None
    found = figures.figures(sets, answers, None if peer is None else dict(zip(chosen.tolist(), peer)))
    found.update(seed=options.seed, fonts=sorted(faces), sources=[s.path for s in sources])
    report.show(found)
    write(options.out, found)
    if options.pictures:
        for path in sheets.write(options.out, sets, {name: a[OURS] for name, a in answers.items()}):
            print(f"written: {path}")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")))
    parser.add_argument("--count", type=int, default=400, help="pictures with text")
    parser.add_argument("--seed", type=int, default=1, help="another one makes another set")
    parser.add_argument("--presidio", type=int, default=100, help="how many of them Presidio is shown")
    parser.add_argument("--pictures", action="store_true", help="also write what was missed and what was wrongly flagged")
    parser.add_argument("--out", default="bench-output")
    options = parser.parse_args()
    if not os.path.isdir(options.corpus):
        raise SystemExit(f"no corpus at {options.corpus}: set QUENCH_CORPUS")
    return options


def answered(scenes, folder, name):
    paths = engines.saved(scenes, folder, name.replace(" ", "-"))
    answers = {OURS: engines.ours(scenes, paths), TESSERACT: engines.tesseract(paths, folder)}
    print(f"{name}: {len(scenes)} pictures done", flush=True)
    return answers


def write(folder, found):
    with open(os.path.join(folder, "text.json"), "w") as file:
        json.dump(found, file, indent=1, ensure_ascii=False)
    with open(os.path.join(folder, "text.html"), "w") as file:
        file.write(report.page(found))
    print(f"written: {folder}/text.json and {folder}/text.html")


if __name__ == "__main__":
    main()
