"""Packs what training needs, for a machine with a GPU that has neither the corpus nor the fonts nor decoders for them.

    python Models/training/pack.py --corpus DIR --out packed        (some 85 MB)
    python Models/training/train.py --packed packed --minutes 20 --bfloat --out textnet-1   (there)

`pictures.zip` holds pictures of all sides that training looks at, without loss but at most `LONGEST` pixels long, and those
from elsewhere, compressed more;
`fonts` the fonts of those sides, with the letters that scenes are written in and no others.
"""
import argparse
import io
import json
import os
import shutil
import string
import zipfile

import numpy as np
from fontTools import subset
from PIL import Image

import backgrounds
import further
import scenes
import typefaces

LONGEST = 900
SIDES = typefaces.TRAINING, typefaces.EVALUATION


def letters():
    words = (scenes.FIRST, scenes.LAST, scenes.WORDS, scenes.CYRILLIC, scenes.GREEK, scenes.HEBREW_ARABIC, scenes.HANGUL, scenes.CJK)
    samples = (typefaces.LATIN, typefaces.CYRILLIC, typefaces.GREEK, typefaces.CJK, typefaces.HANGUL, typefaces.SEMITIC)
    text = "".join("".join(w) for w in words) + "".join(samples) + string.printable[:95]
    return text + text.upper()


def pack_fonts(folder):
    os.makedirs(folder, exist_ok=True)
    for face in typefaces.typefaces(*SIDES):
        target = os.path.join(folder, os.path.basename(face.path))
        if face.path.endswith((".jhf", ".pcf.gz", ".otb")):
            shutil.copy(face.path, target)
            continue
        options = subset.Options(hinting=True, notdef_outline=True, ignore_missing_unicodes=True, glyph_names=False, font_number=0)
        font = subset.load_font(face.path, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=letters())
        subsetter.subset(font)
        subset.save_font(font, target, options)


def pack_pictures(corpus, elsewhere, path):
    with zipfile.ZipFile(path, "w") as archive:
        def add(name, picture, lossless=True):
            out = io.BytesIO()
            Image.fromarray(picture).save(out, "WEBP", lossless=lossless, quality=50 if lossless else 85, method=4)
            archive.writestr(name + ".webp", out.getvalue())

        for i, picture in enumerate(further.further_pictures(elsewhere)):
            add(f"{typefaces.TRAINING}/further/{i:05}", backgrounds.limited(picture, LONGEST), lossless=False)

        for side in SIDES:
            for i, (_, picture) in enumerate(backgrounds.real_pictures(corpus, side)):
                add(f"{side}/without/{i:05}", backgrounds.limited(picture, LONGEST))
            for i, (picture, boxes, ignored) in enumerate(backgrounds.labelled_pictures(corpus, side)):
                add(f"{side}/with/{i:05}", picture)
                archive.writestr(f"{side}/with/{i:05}.json", json.dumps([boxes, ignored]))


def unpacked(folder, side):
    """Pictures without text, labelled ones, and fonts of a side, as training takes them."""
    with zipfile.ZipFile(os.path.join(folder, "pictures.zip")) as archive:
        names = sorted(name for name in archive.namelist() if name.startswith(side + "/") and name.endswith(".webp"))
        pictures = {name: np.array(Image.open(io.BytesIO(archive.read(name))).convert("L")) for name in names}
        labelled = [(picture, *json.loads(archive.read(name.replace(".webp", ".json"))))
                    for name, picture in pictures.items() if "/with/" in name]
    typefaces.FOLDERS = (os.path.join(folder, "fonts"),)
    return [picture for name, picture in pictures.items() if "/with/" not in name], labelled, typefaces.typefaces(side)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--pictures", default=further.FOLDER, help="where `make train-pictures` unpacked those from elsewhere")
    parser.add_argument("--out", default="packed")
    options = parser.parse_args()
    pack_fonts(os.path.join(options.out, "fonts"))
    pack_pictures(options.corpus, options.pictures, os.path.join(options.out, "pictures.zip"))
