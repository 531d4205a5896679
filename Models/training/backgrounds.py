"""Pictures without text: real ones, and made-up ones that look like text to a careless eye."""
import csv
import json
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from phantoms import bodies, small_bodies

from typefaces import side_of


def opened(path, sides):
    """An object of these sides of the split, or None. Copies of one picture stay together: the Study decides."""
    import pydicom
    data = pydicom.dcmread(path)
    name = str(data.get("StudyInstanceUID") or os.path.basename(path))
    return data if side_of(name) in sides else None


def rendered(data, frame, rng):
    """8-bit grey pictures of one frame, at windows drawn at random."""
    pixels = data.pixel_array
    if int(getattr(data, "NumberOfFrames", 1) or 1) > 1:
        pixels = pixels[min(frame, len(pixels) - 1)]
    colours = []
    if pixels.ndim == 3:
        if pixels.shape[-1] >= 3:
            pixels, *colours = channels(data, pixels[..., :3])
        else:
            pixels = pixels[..., 0]
    if pixels.ndim != 2 or min(pixels.shape) < 48:
        return []
    return renderings(pixels, rng, data.get("PhotometricInterpretation", "").startswith(("RGB", "YBR")), colours)


def renderings(pixels, rng, once=False, more=()):
    """Pictures of pixel values: at some windows, or at one; stretched in the program's ways; and more. Of all but the first
    a half."""
    pixels = pixels.astype(float)
    result = []
    for low, high in ((0, 100), (1, 99), (5, 95)):
        a, b = np.percentile(pixels, (low, high))
        if b <= a:
            continue
        result.append(np.clip((pixels - a) * 255 / (b - a), 0, 255).astype(np.uint8))
        if once:
            break
    return result[:1] + [p for p in result[1:] if rng.random() < 0.5] + [
        p for p in stretched(pixels) + list(more) if rng.random() < 0.5]


def seen_as(picture):
    """What a picture looks like from afar, of no brightness or contrast of its own: the product of two is their correlation."""
    small = np.asarray(Image.fromarray(picture).resize((32, 32), Image.BOX), float).ravel()
    small = small - small.mean()
    return small / (np.linalg.norm(small) + 1e-9)


def channels(data, pixels):
    """Luminance, and where there is colour the pictures that show it: `ColorPlanes` has the same."""
    from pydicom.pixels import convert_color_space
    photometric = data.get("PhotometricInterpretation", "")
    if photometric.startswith("YBR_FULL"):
        pixels = convert_color_space(pixels, photometric, "RGB")
    pixels = pixels.astype(float)
    if data.get("BitsStored", 8) > 8:
        pixels /= 1 << (data.BitsStored - 8)
    grey, highest = pixels @ (.299, .587, .114), pixels.max(-1)
    saturation = highest - pixels.min(-1)
    if (saturation > 24).sum() < 20:
        return [grey]
    differences = [(pixels[..., i] - grey) / 2 + 128 for i in (2, 0)]
    return [grey] + [p.clip(0, 255).astype(np.uint8) for p in (highest, saturation, *differences)]


def stretched(pixels):
    """The pictures that the program makes to see what hides in narrow ranges: `FrameRenderer` has the same."""
    present, index, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    if len(present) < 3:
        return []
    index, last = index.reshape(pixels.shape), len(present) - 1
    tables = []
    for exponent in (.5, .25):
        weights = counts ** exponent
        middle = np.cumsum(weights) - weights / 2
        tables.append((middle - middle[0]) / (middle[-1] - middle[0]))
    ranks = np.arange(len(present))
    for count in (4, 8):
        steps = min(count, last)
        tables += [np.minimum(ranks, steps) / steps, np.maximum(steps - (last - ranks), 0) / steps]
    return [(table * 255).astype(np.uint8)[index] for table in tables]


def limited(picture, longest=1400):
    scale = longest / max(picture.shape)
    if scale >= 1:
        return picture
    size = (max(64, int(picture.shape[1] * scale)), max(64, int(picture.shape[0] * scale)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.BILINEAR))


#: The share of the corpus's pictures that no decoder may read: some of them are broken on purpose.
UNREADABLE = .05
#: Where an object has its pixels; reports and the like have none.
PIXELS = "PixelData", "FloatPixelData", "DoubleFloatPixelData"


def insist_on_reading(unread, count):
    """Raises where so many of `count` pictures are unread, each with the reason, that it isn't the corpus's broken files but
    a decoder that is missing."""
    if len(unread) > UNREADABLE * count:
        raise RuntimeError(f"{len(unread)} of {count} pictures can't be read: install Models/training/requirements.txt; "
                           f"the first is {unread[0]}")


def real_pictures(corpus, *sides, limit=1500, seed=1, every_rendering=True):
    """Pictures of these sides of the split that hold no text, as (row of the manifest, pixels)."""
    rng, result, unread = np.random.default_rng(seed), [], []
    with open(os.path.join(corpus, "manifest.csv"), newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["path"].startswith("plain/")]
    for row in rows:
        if len(result) >= limit:
            break
        if row["has_burnt_in_text"].lower() not in ("", "no", "none", "false", "0"):
            continue
        try:
            data = opened(os.path.join(corpus, row["path"]), sides)
            if data is not None and any(name in data for name in PIXELS):
                result += [(row, limited(p)) for p in rendered(data, 0, rng)[:None if every_rendering else 1]]
        except Exception as error:
            unread.append(f"{row['path']}: {error}")
    insist_on_reading(unread, len(rows))
    return result


def labelled_pictures(corpus, *sides):
    """Pictures with burnt-in text and its boxes: (pixels, boxes of text, boxes to ignore)."""
    rng, result, unread = np.random.default_rng(2), [], []
    with open(os.path.join(corpus, "groundtruth.jsonl")) as file:
        truths = [truth for truth in map(json.loads, file) if not truth.get("derived_from")]
    for truth in truths:
        try:
            data = opened(os.path.join(corpus, truth["path"]), sides)
            pictures = rendered(data, truth["frame"], rng) if data else []
        except Exception as error:
            unread.append(f"{truth['path']}: {error}")
            continue
        if pictures and pictures[0].shape == (truth["rows"], truth["cols"]):
            result.append((pictures[0], [item["bbox"] for item in truth["items"]],
                           [b if isinstance(b, list) else b["bbox"] for b in truth["ignore"]]))
    insist_on_reading(unread, len(truths))
    return result


# Made-up backgrounds, each a function of a generator and a side.

def smooth(rng, side, cell, levels=255):
    small = rng.random((max(2, side // cell + 2),) * 2) * levels
    return np.asarray(Image.fromarray(small.astype(np.uint8)).resize((side, side), Image.BICUBIC), float)


def flat(rng, side):
    return np.full((side, side), rng.choice([0, 0, 255, rng.integers(0, 255)]), float)


def gradient(rng, side):
    y, x = np.mgrid[:side, :side] / side
    a, b = rng.normal(size=2)
    return np.clip(128 + 127 * (a * (x - .5) + b * (y - .5)), 0, 255)


def noise(rng, side):
    return np.clip(smooth(rng, side, rng.integers(16, 90)) * rng.random() + rng.normal(0, rng.uniform(2, 50), (side, side)), 0, 255)


def speckle(rng, side):
    base = smooth(rng, side, rng.integers(8, 60)) * rng.rayleigh(0.6, (side, side))
    return np.asarray(Image.fromarray(np.clip(base, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.8))), float)


def trabecular(rng, side):
    raw = rng.normal(size=(side, side))
    a = Image.fromarray(((raw + 4) * 32).clip(0, 255).astype(np.uint8))
    fine = rng.uniform(0.6, 3)
    band = np.asarray(a.filter(ImageFilter.GaussianBlur(fine)), float) - np.asarray(a.filter(ImageFilter.GaussianBlur(fine * 2.2)), float)
    return np.clip(smooth(rng, side, 60) * .6 + 60 + band / (band.std() + 1e-6) * rng.uniform(5, 45), 0, 255)


def blocks(rng, side):
    """A perfusion map: coarse or fine coloured cells."""
    cell = int(rng.integers(1, 9))
    small = smooth(rng, side // cell + 2, rng.integers(3, 12)) + rng.normal(0, rng.uniform(10, 90), (side // cell + 2,) * 2)
    if rng.random() < .5:
        small = np.where(smooth(rng, side // cell + 2, rng.integers(4, 20)) > rng.uniform(60, 180), small, 0)
    return np.clip(np.kron(small, np.ones((cell, cell)))[:side, :side], 0, 255)


def drawn(painter):
    def scene(rng, side):
        base = [flat, gradient, noise, speckle][rng.integers(4)](rng, side) * rng.uniform(.2, 1)
        picture = Image.fromarray(base.astype(np.uint8))
        painter(rng, side, ImageDraw.Draw(picture))
        if rng.random() < .4:
            picture = picture.filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1.2)))
        return np.asarray(picture, float)
    scene.__name__ = painter.__name__
    return scene


def ink(rng):
    return int(rng.choice([255, 0, rng.integers(0, 255)]))


def ruler(rng, side, draw):
    for _ in range(rng.integers(1, 4)):
        x, y, step, colour = *rng.integers(0, side, 2), int(rng.integers(3, 24)), ink(rng)
        across = rng.random() < .5
        for i in range(int(rng.integers(4, 60))):
            length = 12 if i % 10 == 0 else 8 if i % 5 == 0 else int(rng.integers(3, 6))
            a, b = ((x + i * step, y), (x + i * step, y + length)) if across else ((x, y + i * step), (x + length, y + i * step))
            draw.line([tuple(map(int, a)), tuple(map(int, b))], fill=colour, width=int(rng.choice([1, 1, 2])))


def grid(rng, side, draw):
    step, colour = int(rng.integers(4, 60)), ink(rng)
    dotted = rng.random() < .3
    for at in range(int(rng.integers(0, step)), side, step):
        for line in (((at, 0), (at, side)), ((0, at), (side, at))):
            if dotted:
                for t in range(0, side, 6):
                    p = (at, t) if line[0][0] == at else (t, at)
                    draw.point(p, fill=colour)
            else:
                draw.line(line, fill=colour, width=int(rng.choice([1, 1, 2, 3])))


def traces(rng, side, draw):
    for _ in range(rng.integers(1, 5)):
        y, colour, period = rng.integers(0, side), ink(rng), rng.uniform(15, 120)
        x = np.arange(side)
        phase = (x % period) / period
        wave = np.exp(-((phase - .4) / .02) ** 2) * rng.uniform(5, 60) - np.exp(-((phase - .7) / .08) ** 2) * 8 + rng.normal(0, .6, side)
        draw.line([(int(a), int(y - b)) for a, b in zip(x, wave)], fill=colour, width=int(rng.choice([1, 1, 2])))


def hair(rng, side, draw):
    for _ in range(rng.integers(2, 30)):
        angle, x, y = rng.uniform(0, 7), *rng.uniform(0, side, 2)
        bend, points = rng.normal(0, .08), []
        for _ in range(int(rng.integers(5, 60))):
            angle += bend + rng.normal(0, .08)
            x, y = x + 5 * np.cos(angle), y + 5 * np.sin(angle)
            points.append((x, y))
        draw.line(points, fill=ink(rng), width=int(rng.choice([1, 1, 2, 3, 5, 9])))


def stent(rng, side, draw):
    x, y, height, step, colour = *rng.integers(0, side, 2), rng.integers(6, 30), int(rng.integers(3, 10)), ink(rng)
    for row in range(int(rng.integers(1, 4))):
        points = [(int(x + i * step), int(y + row * height + (i % 2) * height)) for i in range(int(rng.integers(4, 30)))]
        draw.line(points, fill=colour, width=int(rng.choice([1, 2])))


def wedge(rng, side, draw):
    x, y, w, h, n = *rng.integers(0, side, 2), rng.integers(4, 30), rng.integers(4, 30), int(rng.integers(4, 30))
    across = rng.random() < .5
    for i in range(n):
        a, b = (x + i * w, y) if across else (x, y + i * h)
        level = i * 255 // n if rng.random() < .9 else ink(rng)
        draw.rectangle([int(a), int(b), int(a + w), int(b + h)], fill=int(level))


def shapes(rng, side, draw):
    for _ in range(rng.integers(1, 40)):
        x, y, size = *rng.integers(-20, side, 2), int(rng.choice([2, 3, 5, 8, 15, 40, 90]))
        box = [int(x), int(y), int(x + size), int(y + size * rng.uniform(.4, 2))]
        colour, width = ink(rng), int(rng.choice([1, 1, 2, 4]))
        kind = rng.integers(5)
        if kind == 0: draw.ellipse(box, outline=colour, width=width)
        elif kind == 1: draw.ellipse(box, fill=colour)
        elif kind == 2: draw.rectangle(box, outline=colour, width=width)
        elif kind == 3: draw.line(box, fill=colour, width=width)
        else: draw.polygon([(int(a), int(b)) for a, b in rng.uniform(-size, size, (int(rng.integers(3, 6)), 2)) + (x, y)], outline=colour)


def table(rng, side, draw):
    colour = ink(rng)
    for at in np.cumsum(rng.integers(12, 50, 20)):
        draw.line([(0, int(at)), (side, int(at))], fill=colour)
    for at in np.cumsum(rng.integers(30, 120, 10)):
        draw.line([(int(at), 0), (int(at), side)], fill=colour)


def bars(rng, side):
    """Resolution bars, checkerboards and star patterns of test images."""
    y, x = np.mgrid[:side, :side].astype(float)
    kind = rng.integers(3)
    if kind == 0:
        wave = np.sin((x if rng.random() < .5 else y) * rng.uniform(.1, 2.5))
    elif kind == 1:
        wave = np.sin(x * rng.uniform(.05, 1.5)) * np.sin(y * rng.uniform(.05, 1.5))
    else:
        wave = np.sin(np.arctan2(y - side * rng.random(), x - side * rng.random()) * int(rng.integers(8, 90)))
    if rng.random() < .7:
        wave = np.sign(wave)
    field = np.where(smooth(rng, side, int(rng.integers(40, 200))) > rng.uniform(60, 160), wave, 0) if rng.random() < .6 else wave
    return np.clip(128 + field * rng.uniform(5, 127), 0, 255)


MADE_UP = [flat, flat, gradient, noise, speckle, speckle, trabecular, trabecular, blocks, blocks, bars] + [
    drawn(p) for p in (ruler, ruler, grid, traces, hair, hair, stent, wedge, shapes, shapes, table)]


# What repeats a small thing, to a careless eye a line of letters; and what phantoms, maps and test patterns are made of.

def motifs(rng, side, draw):
    """A few strokes, again and again along a line, every second one mirrored perhaps."""
    for _ in range(rng.integers(1, 4)):
        width, height = int(rng.integers(3, 26)), int(rng.integers(4, 30))
        count, colour, stroke = int(rng.integers(5, 60)), ink(rng), int(rng.choice([1, 1, 2, 3]))
        strokes = rng.uniform(0, 1, (int(rng.integers(1, 4)), 2, 2))
        gap = 0 if rng.random() < .5 else int(rng.integers(1, 8))
        x, y, across, alternate = *rng.integers(0, side, 2), rng.random() < .6, rng.random() < .3
        if rng.random() < .5:  # joined from one to the next
            strokes[0, 0], strokes[-1, 1] = (0, strokes[0, 0, 1]), (1, strokes[0, 0, 1])
        for i in range(count):
            for a, b in strokes:
                ends = []
                for u, v in (a, b):
                    v = 1 - v if alternate and i % 2 else v
                    along, beside = i * (width + gap) + u * width, v * height
                    ends.append((int(x + along), int(y + beside)) if across else (int(x + beside), int(y + along)))
                draw.line(ends, fill=colour, width=stroke)


def scales(rng, side, draw):
    """Rulers as devices draw them: ticks of two or three fixed lengths on one side or both of a line, or on none."""
    for _ in range(rng.integers(1, 4)):
        step, colour, stroke = int(rng.integers(2, 20)), ink(rng), int(rng.choice([1, 1, 1, 2]))
        short = int(rng.integers(2, 10))
        long, longest = short + int(rng.integers(0, 8)), short + int(rng.integers(0, 16))
        every = int(rng.choice([2, 4, 5, 5]))
        x, y, across, both, spine = *rng.integers(0, side, 2), rng.random() < .5, rng.random() < .3, rng.random() < .5
        count = int(rng.integers(6, 120))
        for i in range(count):
            length = longest if i % (2 * every) == 0 else long if i % every == 0 else short
            low = -length if both else 0
            ends = [(x + i * step, y + low), (x + i * step, y + length)]
            draw.line([tuple(map(int, p if across else (p[1] - y + x, p[0] - x + y))) for p in ends], fill=colour, width=stroke)
        if spine:
            end = (count - 1) * step
            draw.line([int(x), int(y), int(x + end), int(y)] if across else [int(x), int(y), int(x), int(y + end)], fill=colour, width=stroke)


def waves(rng, side, draw):
    """Curves of monitors: heart, breath, flow, square and saw, some over a baseline or a grid."""
    x = np.arange(side)
    for _ in range(rng.integers(1, 6)):
        period, height, y = rng.uniform(8, 130), rng.uniform(2, 45), rng.integers(0, side)
        phase = ((x + rng.uniform(0, 200)) % period) / period
        kind = rng.integers(6)
        if kind == 0:
            at = rng.uniform(.2, .6)
            wave = np.exp(-((phase - at) / .03) ** 2) - .3 * np.exp(-((phase - at - .05) / .02) ** 2) \
                + .2 * np.exp(-((phase - at - .25) / .06) ** 2) + .12 * np.exp(-((phase - at + .15) / .04) ** 2)
        elif kind == 1: wave = np.sin(phase * 2 * np.pi)
        elif kind == 2: wave = (phase < rng.uniform(.2, .8)).astype(float)
        elif kind == 3: wave = phase
        elif kind == 4: wave = np.abs(phase - .5) * 2
        else: wave = np.exp(-phase * 4) + .4 * np.exp(-((phase - .45) / .1) ** 2)
        wave = wave * height + rng.normal(0, rng.uniform(0, .8), side)
        first, last = sorted(rng.integers(0, side, 2)) if rng.random() < .4 else (0, side)
        points = [(int(a), int(y - b)) for a, b in zip(x, wave)][first:last]
        if len(points) > 2:
            draw.line(points if rng.random() < .85 else [(b, a) for a, b in points], fill=ink(rng), width=int(rng.choice([1, 1, 2])))


def charts(rng, side, draw):
    """Colour bars with frames, line pairs that get finer, histograms, dotted outlines, arrows."""
    for _ in range(rng.integers(1, 6)):
        x, y, colour, kind = *(int(v) for v in rng.integers(-10, side, 2)), ink(rng), rng.integers(5)
        if kind == 0:
            w, h, n = int(rng.integers(5, 30)), int(rng.integers(2, 24)), int(rng.integers(4, 40))
            across = rng.random() < .4
            for i in range(n):
                a, b = (x + i * w, y) if across else (x, y + i * h)
                draw.rectangle([a, b, a + w, b + h], fill=int(255 * (i if rng.random() < .98 else rng.integers(n)) / n))
            if rng.random() < .5:
                draw.rectangle([x, y, x + (n * w if across else w), y + (h if across else n * h)], outline=colour)
        elif kind == 1:
            at, width, height = x, rng.uniform(2, 12), int(rng.integers(5, 50))
            for i in range(int(rng.integers(3, 12))):
                for _ in range(int(rng.integers(2, 6))):
                    draw.rectangle([int(at), y, int(at + max(0, width - 1)), y + height], fill=colour)
                    at += 2 * width
                at, width = at + 2 * width, max(1, width * rng.uniform(.7, 1))
        elif kind == 2:
            bar = int(rng.integers(1, 6))
            for i in range(int(rng.integers(10, 80))):
                draw.rectangle([x + i * bar, y - int(rng.integers(0, 40)), x + i * bar + bar - 1, y], fill=colour)
        elif kind == 3:
            a, b, n = *rng.uniform(5, 90, 2), int(rng.integers(10, 120))
            for t in np.linspace(0, 2 * np.pi, n):
                px, py, r = x + a * np.cos(t), y + b * np.sin(t), int(rng.integers(0, 2))
                draw.rectangle([int(px), int(py), int(px) + r, int(py) + r], fill=colour)
        else:
            turn, length = rng.uniform(0, 2 * np.pi), rng.uniform(8, 60)
            tip = (x + length * np.cos(turn), y + length * np.sin(turn))
            draw.line([(x, y), tuple(map(int, tip))], fill=colour, width=int(rng.choice([1, 2])))
            for side_ in (.5, -.5):
                draw.line([tuple(map(int, tip)), (int(tip[0] - 6 * np.cos(turn + side_)), int(tip[1] - 6 * np.sin(turn + side_)))], fill=colour)


def lattice(rng, side, draw):
    """One shape at the crossings of a lattice, here and there left out, smaller or weaker along one way."""
    dx, dy = rng.uniform(5, 60, 2)
    size, colour, kind, keep = rng.uniform(1, .9 * min(dx, dy) + 1), ink(rng), rng.integers(5), rng.uniform(.5, 1.2)
    x, y, shear, shrink = *rng.uniform(-20, side / 2, 2), rng.normal(0, .15), rng.uniform(.85, 1)
    columns, rows = int(rng.integers(2, 14)), int(rng.integers(1, 14))
    points = rng.uniform(0, 1, (int(rng.integers(3, 6)), 2))
    for j in range(rows):
        for i in range(columns):
            if rng.random() > keep:
                continue
            w = size * (shrink ** i if kind else 1)
            a, b = x + i * dx + j * dy * shear, y + j * dy
            box = [int(a), int(b), int(a + w), int(b + w)]
            if kind == 0: draw.ellipse([int(a), int(b), int(a + rng.uniform(.5, 1) * size), int(b + rng.uniform(.5, 1) * size)], fill=colour)
            elif kind == 1: draw.ellipse(box, outline=colour)
            elif kind == 2: draw.rectangle(box, fill=colour)
            elif kind == 3: draw.rectangle(box, outline=colour, fill=int(rng.integers(0, 256)) if rng.random() < .3 else None)
            else: draw.line([(int(a + u * w), int(b + v * w)) for u, v in points], fill=colour)


def jagged(rng, side, draw):
    """Leaves of a collimator, stairs, profiles: bars that end anywhere."""
    thick, colour = int(rng.integers(2, 40)), ink(rng)
    edge, wander = rng.uniform(.2, .8) * side, rng.uniform(.02, .2) * side
    across, both, filled = rng.random() < .5, rng.random() < .5, rng.random() < .7
    steps, at = [], edge
    for i in range(0, side, thick):
        at = edge + rng.normal(0, wander) if rng.random() < .7 else at + rng.normal(0, wander / 3)
        end = at + abs(rng.normal(side * .2, wander)) if both else side
        steps += [(at, i), (at, i + thick)]
        if filled:
            box = [int(at), i, int(max(at, end)), i + thick - 1]
            draw.rectangle(box if across else [box[1], box[0], box[3], box[2]], fill=colour)
    if not filled:
        draw.line([(int(a), int(b)) if across else (int(b), int(a)) for a, b in steps], fill=colour, width=int(rng.choice([1, 1, 2])))


def mosaic(rng, side, draw):
    """Rectangles in rectangles: test patterns and screens without words."""
    def part(x, y, w, h, depth):
        if min(w, h) < 2:
            return
        if rng.random() < .8:
            draw.rectangle([int(x), int(y), int(x + w), int(y + h)], fill=ink(rng) if rng.random() < .7 else None, outline=ink(rng) if rng.random() < .4 else None)
        if depth == 0 or min(w, h) < 12 or rng.random() < .15:
            return
        n = int(rng.integers(2, 9))
        margin = rng.uniform(0, .12) * min(w, h) if rng.random() < .5 else 0
        if rng.random() < .5:
            for i in range(n): part(x + i * w / n + margin, y + margin, w / n - 2 * margin, h - 2 * margin, depth - 1)
        else:
            for i in range(n): part(x + margin, y + i * h / n + margin, w - 2 * margin, h / n - 2 * margin, depth - 1)
    x, y = rng.uniform(-20, side * .6, 2)
    part(x, y, *rng.uniform(30, side, 2), int(rng.integers(1, 4)))


def contours(rng, side):
    """A smooth field's level lines, bands or islands; often within an outline, as maps of a brain are."""
    field = smooth(rng, side, int(rng.integers(4, 70))) + smooth(rng, side, int(rng.integers(20, 120))) * rng.uniform(0, 2)
    kind = rng.integers(4)
    if kind == 0: field = 128 + 127 * np.sin(field / rng.uniform(3, 40))
    elif kind == 1: field = np.where(np.abs(field % rng.uniform(20, 120) - 10) < rng.uniform(1, 8), 255, 0) * rng.uniform(.2, 1)
    elif kind == 2: field = np.floor(field / rng.uniform(16, 90)) * 50 % 256
    else: field = np.where(field > np.median(field), rng.integers(0, 256), rng.integers(0, 256)).astype(float)
    if rng.random() < .5:
        y, x = np.mgrid[:side, :side] / side - .5
        inside = (x / rng.uniform(.2, .48)) ** 2 + (y / rng.uniform(.2, .48)) ** 2 < 1
        field = np.where(inside, field, rng.choice([0, 0, 255, 60]))
    return np.clip(field + rng.normal(0, rng.choice([0, 2, 8]), field.shape), 0, 255)


def sectors(rng, side):
    """Ultrasound: speckle in a sector or between two lines, with dark cysts and light bands, in black."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    apex, top = rng.uniform(.2, .8) * side, rng.uniform(-.4, .2) * side
    radius, angle = np.hypot(x - apex, y - top), np.arctan2(x - apex, y - top)
    # Speckle is long across the beam.
    grain = rng.rayleigh(1, (side, side))
    for _ in range(int(rng.integers(1, 4))):
        grain = (grain + np.roll(grain, 1, 1) + np.roll(grain, -1, 1) + np.roll(grain, 1, 0) * rng.uniform(0, .6)) / 3.3
    grain = grain / grain.mean()
    if rng.random() < .5:
        grain = grain ** rng.uniform(1, 2.5)
    tissue = smooth(rng, side, int(rng.integers(10, 90))) * rng.uniform(.2, .9) + rng.uniform(0, 60)
    for _ in range(int(rng.integers(0, 6))):
        cx, cy, a, b = *rng.uniform(0, side, 2), *rng.uniform(4, 50, 2)
        tissue[((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 < 1] *= rng.uniform(0, 1.8)
    for _ in range(int(rng.integers(0, 5))):
        tissue[np.abs(radius - rng.uniform(0, 1.2) * side) < rng.uniform(1, 7)] += rng.uniform(20, 160)
    picture = np.clip(tissue * grain, 0, 255)
    if rng.random() < .75:
        picture[(np.abs(angle) > rng.uniform(.3, .9)) | (radius > rng.uniform(.6, 1.4) * side) | (radius < rng.uniform(0, .4) * side)] = 0
    if rng.random() < .3:
        picture = np.floor(picture / 32) * 32
    return picture


#: Kinds that came later. `MADE_UP` stays as it is, so that a seed's pictures do.
PATTERNS = [drawn(p) for p in (motifs, motifs, scales, scales, waves, waves, charts, lattice, lattice, jagged, mosaic, mosaic)] + [
    contours, contours] + 6 * [bodies] + 3 * [small_bodies] + 3 * [sectors]


def made_up_pictures(seed, count, side):
    """Without text, of kinds that look like text more than others."""
    rng, kinds = np.random.default_rng(seed), MADE_UP + 2 * PATTERNS
    return [np.clip(kinds[rng.integers(len(kinds))](rng, side), 0, 255).astype(np.uint8) for _ in range(count)]
