"""Fonts of every kind a scanner may print in, split by family."""
import hashlib
import io
import os
import re
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FOLDERS = ("/usr/share/fonts", "/usr/share/hershey-fonts")
LATIN, CYRILLIC, GREEK, CJK, HANGUL, SEMITIC = "Az09é", "Жя", "Ωλ", "患者", "환자병원", "שמعلم"


TRAINING, CALIBRATION, EVALUATION = "training", "calibration", "evaluation"


def side_of(name):
    """What an image or a font family serves, by its name alone: the network trains on three in four; the judgement of
    its answers is fitted on one in eight, and one in eight is for nothing but measuring."""
    digest = hashlib.md5(name.encode()).digest()
    return TRAINING if digest[0] % 4 else CALIBRATION if digest[1] % 2 else EVALUATION


def family_of(path):
    """A bitmap font's weights, slants and encodings are files of one family."""
    name = os.path.basename(path)
    if name.endswith(".pcf.gz"):
        return re.match(r"[0-9]+x[0-9]+|helv|cour|ncen|tim|lu|[a-z]+|.*", name, re.I)[0].lower()
    return re.split(r"[-_.]", name)[0].lower()


class Typeface:
    """One font file. `mask(text, size)` gives ink 0...255, tight."""

    def __init__(self, path):
        self.path = path
        self.family = family_of(path)
        self.scripts = self._scripts()

    def _scripts(self):
        if self.path.endswith((".jhf", ".pcf.gz")):
            return {"latin"}
        from fontTools.ttLib import TTFont
        codes = TTFont(self.path, fontNumber=0, lazy=True).getBestCmap() or {}
        wanted = {"latin": "Az09", "accents": LATIN, "cyrillic": CYRILLIC, "greek": GREEK, "cjk": CJK, "hangul": HANGUL,
                  "semitic": SEMITIC}
        return {script for script, sample in wanted.items() if all(ord(c) in codes for c in sample)}

    def mask(self, text, size):
        if self.path.endswith(".jhf"):
            return hershey_mask(self.path, text, size)
        font = load(self.path, size)
        if font is None:
            return None
        left, top, right, bottom = font.getbbox(text)
        if right <= left or bottom <= top:
            return None
        picture = Image.new("L", (right - left + 2, bottom - top + 2))
        ImageDraw.Draw(picture).text((1 - left, 1 - top), text, font=font, fill=255)
        return tight(np.asarray(picture))

    def draws_letters(self):
        """Not one box for all, as fonts do whose encoding isn't understood."""
        masks = [self.mask(letter, 16) for letter in "Ab7m"]
        return all(m is not None for m in masks) and len({m.tobytes() + bytes(str(m.shape), "ascii") for m in masks}) == 4


@lru_cache(maxsize=4000)
def load(path, size):
    """The font at this size; a bitmap font at its nearest one."""
    if path.endswith((".pcf.gz", ".otb")):
        size = min(bitmap_sizes(path), key=lambda s: abs(s - size), default=None)
    try:
        return ImageFont.truetype(path, size) if size else None
    except OSError:
        return None


@lru_cache(maxsize=None)
def bitmap_sizes(path):
    def works(size):
        try:
            ImageFont.truetype(io.BytesIO(data), size)
            return True
        except OSError:
            return False
    with open(path, "rb") as file:
        data = file.read()
    return [size for size in range(5, 40) if works(size)]


def tight(mask):
    rows, columns = np.flatnonzero(mask.max(1) > 40), np.flatnonzero(mask.max(0) > 40)
    if not len(rows):
        return None
    return mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


@lru_cache(maxsize=64)
def hershey_glyphs(path):
    glyphs, text = [], open(path, encoding="latin-1").read().replace("\n", "")
    at = 0
    while at + 8 <= len(text):
        try:
            count = int(text[at + 5:at + 8])
        except ValueError:
            break
        pairs = text[at + 8:at + 8 + 2 * count]
        at += 8 + 2 * count
        points = [(ord(pairs[i]) - 82, ord(pairs[i + 1]) - 82) if pairs[i:i + 2] != " R" else None
                  for i in range(0, len(pairs), 2)]
        if points:
            glyphs.append(points)
    return glyphs


def hershey_mask(path, text, size):
    glyphs, scale, at, lines = hershey_glyphs(path), size / 21, 0.0, []
    for character in text:
        index = ord(character) - 32
        if not 0 <= index < len(glyphs):
            continue
        bounds, *points = glyphs[index]
        if bounds is None:
            continue
        stroke = []
        for point in points + [None]:
            if point is None:
                if len(stroke) > 1:
                    lines.append(stroke)
                stroke = []
            else:
                stroke.append((at + (point[0] - bounds[0]) * scale + 3, (point[1] + 16) * scale + 3))
        at += (bounds[1] - bounds[0]) * scale
    if not lines:
        return None
    picture = Image.new("L", (int(at) + 8, int(36 * scale) + 8))
    draw = ImageDraw.Draw(picture)
    for line in lines:
        draw.line(line, fill=255, width=max(1, round(size / 14)))
    return tight(np.asarray(picture))


def typefaces(*sides, limit_per_family=6):
    """All usable fonts of these sides of the split, a few of each family."""
    paths = sorted(os.path.join(folder, name) for top in FOLDERS for folder, _, names in os.walk(top) for name in names
                   if name.endswith((".ttf", ".otf", ".otb", ".ttc", ".jhf", ".pcf.gz")))
    count, result = {}, []
    for path in paths:
        name = os.path.basename(path)
        if name.endswith(".pcf.gz") and ("ISO8859-1." not in name and "unicode" not in name.lower() and not re.match(r"[0-9]x|clR|ter-u", name)):
            continue
        if re.search(r"symbol|dingbat|emoji|math|mathematical|music|ol[cg]l|cursor|D050000L|StandardSymbols", name, re.I):
            continue
        if name.startswith("NotoS") and not re.match(r"Noto(Sans|Serif)(Mono|Display)?-", name):
            continue
        family = family_of(path)
        if count.get(family, 0) >= limit_per_family or side_of(family) not in sides:
            continue
        try:
            face = Typeface(path)
        except Exception:
            continue
        if "cjk" in face.scripts or "latin" in face.scripts and face.draws_letters():
            count[family] = count.get(family, 0) + 1
            result.append(face)
    if not result:
        raise SystemExit("no fonts found: make train-deps installs them")
    return result
