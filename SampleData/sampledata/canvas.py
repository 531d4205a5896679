"""Text burnt into arrays, each line with the exact bounding box of its ink."""

import functools

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONTS = {
    "sans": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "sans-bold": "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "mono": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "mono-bold": "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
    "arial": "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "arial-bold": "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "narrow": "/usr/share/fonts/truetype/liberation/LiberationSansNarrow-Regular.ttf",
    "courier": "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
    "times": "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "hand": "/usr/share/fonts/truetype/liberation/LiberationSerif-Italic.ttf",
}


@functools.lru_cache(maxsize=None)
def _font(name: str, size: int):
    # The basic layout: the same with and without libraqm.
    return ImageFont.truetype(FONTS[name], size, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=512)
def ink(text: str, font: str, size: int, smooth: bool = True, angle: int = 0):
    """Coverage 0…255 of the drawn text, cut to its ink, and the ink's offset from the drawing point."""
    face = _font(font, size)
    left, top, right, bottom = face.getbbox(text)
    pad = 4
    image = Image.new("L", (right - left + 2 * pad, bottom - top + 2 * pad), 0)
    draw = ImageDraw.Draw(image)
    draw.fontmode = "L" if smooth else "1"
    draw.text((pad - left, pad - top), text, fill=255, font=face)
    if angle:
        image = image.rotate(angle, resample=Image.BILINEAR if smooth else Image.NEAREST, expand=True)
    coverage = np.asarray(image)
    rows, columns = np.nonzero(coverage.any(axis=1))[0], np.nonzero(coverage.any(axis=0))[0]
    cut = coverage[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    return cut, (int(columns[0]) - pad + left, int(rows[0]) - pad + top)


def width(text: str, font: str, size: int) -> int:
    return int(_font(font, size).getlength(text))


class Canvas:
    """An array of stored values, (rows, columns) or (rows, columns, 3), and what has been written on it."""

    def __init__(self, pixels: np.ndarray, frames=(1,), source: str = "pixels"):
        self.pixels = pixels
        self.frames = list(frames)
        self.source = source
        self.items = []

    def text(self, x, y, text, kind, phi=None, font="sans", size=14, value=255, smooth=True, angle=0, align="left",
             origin=(0, 0)):
        """Draws a line with its top left (top right) corner of the em box at x, y, and records its ink.

        `origin` is added to the recorded box: for planes that don't start at the image's corner."""
        coverage, (dx, dy) = ink(text, font, size, smooth, angle)
        if align == "right":
            x -= width(text, font, size)
        elif align == "centre":
            x -= width(text, font, size) // 2
        box = self.stamp(x + dx, y + dy, coverage, value)
        self.note([box[0] + origin[0], box[1] + origin[1], box[2], box[3]], text, kind, phi)
        return box

    def stamp(self, x, y, coverage, value):
        rows, columns = coverage.shape
        if x < 0 or y < 0 or y + rows > self.pixels.shape[0] or x + columns > self.pixels.shape[1]:
            raise ValueError(f"text at {x}, {y} of {columns} x {rows} leaves the picture")
        part = self.pixels[y:y + rows, x:x + columns]
        weight = coverage.astype(np.int64)
        if self.pixels.ndim == 3:
            weight = weight[:, :, None]
        blended = (part.astype(np.int64) * (255 - weight) + np.asarray(value, np.int64) * weight + 127) // 255
        part[...] = blended.astype(self.pixels.dtype)
        return [int(x), int(y), int(columns), int(rows)]

    def note(self, box, text, kind, phi=None):
        if phi is None:
            phi = kind in PHI_KINDS
        self.items.append({
            "frames": list(self.frames), "box": [int(v) for v in box], "text": text, "phi": phi, "kind": kind,
            "source": self.source})

    def rectangle(self, x, y, columns, rows, value):
        self.pixels[y:y + rows, x:x + columns] = value

    def frame(self, x, y, columns, rows, value, thickness=1):
        for a, b, c, d in ((x, y, columns, thickness), (x, y + rows - thickness, columns, thickness),
                           (x, y, thickness, rows), (x + columns - thickness, y, thickness, rows)):
            self.rectangle(a, b, c, d, value)


PHI_KINDS = {"name", "id", "date", "time", "dob", "inst", "addr", "staff", "note"}
