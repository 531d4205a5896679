"""The benchmark's pictures: lines of one combination of height, contrast, turn, polarity, storage and modality each.

A combination is what it says. Capitals and figures are as high as stated; ink differs from the median of the ground under
its line by the stated share of 255 grey levels; the ground there is calm, or as busy as stated; lines are whole.
"""
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from PIL import Image

import backgrounds
import odd
from phrases import Phrase, phrase
from scenes import coded, full_strength, turned
from typefaces import bitmap_sizes
from unseen import MODALITIES

SIDE = 512
HEIGHTS = (6, 8, 10, 12, 16, 24, 48, SIDE // 4)
#: Percent of 255 grey levels between the ink and the median of the ground under the line.
CONTRASTS = (4, 10, 20, 40, 100)
RIGHT_ANGLES = (0, 90, 180, 270)
STORAGES = ("raw", "JPEG 75", "JPEG 50", "JPEG 2000", "resized")
#: Storage that leaves something of ten grey levels.
GENTLE_STORAGES = ("raw", "JPEG 75", "resized")
#: What keeps the random streams of one seed apart.
TEXT, BUSY, CLEAN, SUBSET, ODD = range(5)
#: Sets of pictures without text: real ones, kinds that training has, kinds that it had not.
CLEAN_SETS = "real", "made up", "odd"


@dataclass(frozen=True)
class Combination:
    height: int
    contrast: int
    degrees: float
    light: bool
    storage: str
    modality: str
    busy: bool = False

    @property
    def is_slanted(self):
        return self.degrees not in RIGHT_ANGLES

    def spread(self):
        """Least and greatest standard deviation of the ground under a line, in grey levels."""
        third = self.contrast * 2.55 / 3
        return (third, 2 * third) if self.busy else (0, third)


@dataclass
class Line:
    phrase: Phrase
    font: str
    #: Rows and columns of the picture that hold the line.
    part: tuple
    #: In `part`: where the ink is.
    ink: np.ndarray
    #: The share of the ink's contrast that storage left.
    left: float = 1.0


@dataclass
class Scene:
    pixels: np.ndarray
    source: str
    lines: list = field(default_factory=list)
    combination: Combination = None
    #: What the picture's header says.
    identifiers: list = field(default_factory=list)


def text_scenes(seed, count, sources, faces, busy=False):
    """Pictures with text; the first of a longer set are those of a shorter one."""
    return [text_scene(np.random.default_rng([seed, BUSY if busy else TEXT, i]), sources, faces, busy) for i in range(count)]


def text_scene(rng, sources, faces, busy):
    wanted = combination(rng, busy)
    for attempt in range(60):
        # Where no picture of a modality has such ground, another one's must do.
        fitting = [s for s in sources if s.modality == wanted.modality or attempt >= 30]
        if not fitting:
            continue
        source = fitting[rng.integers(len(fitting))]
        canvas = Canvas(ground(rng, source, wanted.light))
        write_lines(rng, canvas, wanted, faces)
        if canvas.lines:
            identifiers = [i for line in canvas.lines for i in line.phrase.identifiers] if rng.random() < .5 else []
            pixels = stored(canvas.picture, wanted.storage)
            for line in canvas.lines:
                line.left = float(ink_contrast(line, pixels) / ink_contrast(line, canvas.picture))
            return Scene(pixels, source.path, canvas.lines, replace(wanted, modality=source.modality), identifiers)
    raise SystemExit(f"no picture has room for {wanted}")


def combination(rng, busy):
    pick = lambda choices: choices[rng.integers(len(choices))]
    height, contrast = (pick(HEIGHTS[1:6]), 40) if busy else (pick(HEIGHTS), pick(CONTRASTS))
    turn = pick((0, *RIGHT_ANGLES) if busy else (0, *RIGHT_ANGLES, None))
    slant = round(float(rng.uniform(5, 45)) * pick((-1, 1)), 1)
    return Combination(
        height=height, contrast=contrast, degrees=slant if turn is None else turn, light=bool(rng.random() < .5),
        storage=pick(GENTLE_STORAGES if contrast == 4 else STORAGES), modality=pick(MODALITIES), busy=busy)


def ground(rng, source, light):
    """A square of a picture: enlarged to fill it or with black around it, and maybe shown negative."""
    picture = source.pixels
    if min(picture.shape) < SIDE and rng.random() < .5:
        scale = SIDE / min(picture.shape)
        size = [max(SIDE, round(n * scale)) for n in reversed(picture.shape)]
        picture = np.asarray(Image.fromarray(picture).resize(size, Image.BICUBIC))
    y, x = (int(rng.integers(0, max(0, n - SIDE) + 1)) for n in picture.shape)
    picture = picture[y:y + SIDE, x:x + SIDE]
    square = np.zeros((SIDE, SIDE), np.uint8)
    y, x = ((SIDE - n) // 2 for n in picture.shape)
    square[y:y + picture.shape[0], x:x + picture.shape[1]] = picture
    return 255 - square if rng.random() < (.25 if light else .75) else square


def write_lines(rng, canvas, wanted, faces):
    """Lines here and there, or one below the other in one font."""
    is_stack = not wanted.is_slanted and rng.random() < .5
    single = drawn_face(rng, faces) if is_stack else None
    count = 1 if wanted.height > 60 else 3 if wanted.height > 30 else 5
    for _ in range(12 * count):
        if len(canvas.lines) == count:
            break
        face = single or drawn_face(rng, faces)
        said = phrase(rng, face)
        mask = line_mask(rng, face, wanted.height, said)
        if mask is not None:
            canvas.write(rng, mask, wanted, is_stack, Line(said, face.path, (), mask))


def drawn_face(rng, faces):
    """Each design as often as any other."""
    weights = faces[sorted(faces)[rng.integers(len(faces))]]
    return weights[rng.integers(len(weights))]


class Canvas:
    """A picture that lines are written on."""

    def __init__(self, picture):
        self.picture = picture.astype(float)
        self.lines = []
        self.taken = np.zeros(picture.shape, bool)
        self.taken_sums = summed(self.taken)
        # Of the bare ground: what is written on is taken, so that nobody asks for it again.
        self.sums, self.square_sums = summed(self.picture), summed(self.picture ** 2)

    def write(self, rng, mask, wanted, is_stack, line):
        """Writes a line where the ground is as wanted, if there is such a place."""
        mask = full_strength(turned(mask, wanted.degrees)[0])
        if mask is None or max(mask.shape) > SIDE - 4:
            return
        ink = mask >= .4 * mask.max()
        if ink.sum() < .6 * wanted.height * len(line.phrase.text.replace(" ", "")):
            return
        for part in self.places(rng, mask.shape, wanted, is_stack):
            level, contrast = float(np.median(self.picture[part])), wanted.contrast * 2.55
            colour = np.clip(level + contrast if wanted.light else level - contrast, 0, 255)
            if abs(colour - level) < .9 * contrast:
                continue
            alpha = mask / 255
            self.picture[part] = self.picture[part] * (1 - alpha) + colour * alpha
            self.take(part, wanted.height)
            self.lines.append(replace(line, part=part, ink=ink))
            return

    def take(self, part, height):
        gap = max(2, height // 4)
        self.taken[tuple(slice(max(0, s.start - gap), s.stop + gap) for s in part)] = True
        self.taken_sums = summed(self.taken)

    def places(self, rng, shape, wanted, is_stack):
        """Some places for a box of this shape; in a stack the one after the last line first."""
        h, w = shape
        mean = of_boxes(self.sums, h, w) / (h * w)
        variance = np.maximum(of_boxes(self.square_sums, h, w) / (h * w) - mean ** 2, 0)
        least, most = wanted.spread()
        fits = (variance >= least ** 2) & (variance <= most ** 2) & (of_boxes(self.taken_sums, h, w) == 0)
        fits[:2], fits[-2:], fits[:, :2], fits[:, -2:] = False, False, False, False
        rows, columns = np.nonzero(fits)
        found = [(rows[i], columns[i]) for i in rng.integers(0, len(rows), 12 if len(rows) else 0)]
        if is_stack and self.lines:
            found = [p for p in [self.after_last(wanted)] if p[0] < len(fits) and p[1] < len(fits[0]) and fits[p]] + found
        return [(slice(int(y), int(y) + h), slice(int(x), int(x) + w)) for y, x in found]

    def after_last(self, wanted):
        rows, columns = self.lines[-1].part
        gap = max(2, wanted.height // 4)
        return (rows.stop + gap, columns.start) if wanted.degrees in (0, 180) else (rows.start, columns.stop + gap)


def summed(values):
    """At each corner, the sum of all above and to the left."""
    dtype = np.int64 if values.dtype == bool else float
    return np.pad(values.cumsum(0, dtype).cumsum(1, dtype), ((1, 0), (1, 0)))


def of_boxes(table, h, w):
    """The sum in every box of this shape."""
    return table[h:, w:] - table[:-h, w:] - table[h:, :-w] + table[:-h, :-w]


# MARK: - Letters

#: What is as high as the stated height.
CAPITALS = {"cjk": "国", "hangul": "한", "cyrillic": "ПО", "greek": "ΠΟ"}


def line_mask(rng, face, height, said):
    """Ink 0...255 of a line whose capitals and figures are `height` pixels high; None where the font can't."""
    sample = CAPITALS.get(said.script, "HE")
    enlarged = height >= 12 and height % 2 == 0 and rng.random() < .1
    size, factor = fitting_size(face, height // 2 if enlarged else height, sample)
    if size is None:
        return None
    mask = face.mask(said.text, size)
    if mask is None or min(mask.shape) < 2:
        return None
    style = rng.random()
    if style < .2:
        mask = np.where(mask > 110, 255, 0).astype(np.uint8)
    elif style < .3:  # condensed
        width = max(4, round(mask.shape[1] * rng.uniform(.75, .95)))
        mask = np.asarray(Image.fromarray(mask).resize((width, mask.shape[0]), Image.BILINEAR))
    factor *= 2 if enlarged else 1
    mask = np.kron(mask, np.ones((factor, factor), np.uint8))
    return full_strength(mask) if .7 * height <= mask.shape[0] <= 1.9 * height else None


@lru_cache(maxsize=None)
def fitting_size(face, height, sample):
    """The font's size and a whole factor that make capitals this high, to 6 %; None and 1 where there is none."""
    is_bitmap = face.path.endswith(".pcf.gz")
    sizes = bitmap_sizes(face.path) if is_bitmap else range(height * 3 // 4, height * 9 // 4, max(1, height // 24))
    best = (None, 1, .06)
    for size in sizes:
        mask = face.mask(sample, size)
        if mask is None:
            continue
        factor = max(1, round(height / len(mask))) if is_bitmap else 1
        error = abs(len(mask) * factor / height - 1)
        if error < best[2]:
            best = size, factor, error
    return best[:2]


# MARK: - Storage

def stored(picture, storage):
    image = Image.fromarray(np.clip(np.rint(picture), 0, 255).astype(np.uint8))
    if storage == "JPEG 2000":
        image = coded(image, "JPEG2000", quality_mode="rates", quality_layers=[12], irreversible=True)
    elif storage.startswith("JPEG"):
        image = coded(image, "JPEG", quality=int(storage.split()[1]))
    elif storage == "resized":
        small = image.resize([round(n * .8) for n in image.size], Image.BILINEAR)
        image = small.resize(image.size, Image.BILINEAR)
    return np.asarray(image)


def ink_contrast(line, picture):
    part = picture[line.part].astype(float)
    return part[line.ink].mean() - np.median(part[~line.ink])


# MARK: - Without text

def clean_scenes(sources):
    """Each picture at its own size, cut to what fits the square."""
    result = []
    for source in sources:
        y, x = (max(0, n - SIDE) // 2 for n in source.pixels.shape)
        result.append(Scene(np.ascontiguousarray(source.pixels[y:y + SIDE, x:x + SIDE]), source.path))
    return result


def made_up_scenes(seed, each=3):
    """A few of each kind that training has, drawn anew."""
    return drawn_scenes(backgrounds.MADE_UP, seed, CLEAN, each, lambda kind, rng: kind(rng, SIDE))


def odd_scenes(seed, each=3):
    """A few of each kind that training had not."""
    return drawn_scenes(odd.KINDS, seed, ODD, each, lambda kind, rng: kind(rng))


def drawn_scenes(kinds, seed, salt, each, draw):
    named = sorted({kind.__name__: kind for kind in kinds}.items())
    return [Scene(np.clip(draw(kind, np.random.default_rng([seed, salt, i, k])), 0, 255).astype(np.uint8), f"{name} {k}")
            for i, (name, kind) in enumerate(named) for k in range(each)]
