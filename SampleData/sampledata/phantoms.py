"""Anatomy-like pictures from integer noise: nothing here depends on the CPU's floating point."""

import numpy as np
from PIL import Image


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def grain(rng, shape, sigma: int) -> np.ndarray:
    """Near-normal noise of about the given standard deviation: the sum of four even ones."""
    total = sum(rng.integers(-1000, 1001, shape, dtype=np.int32) for _ in range(4))
    return total * sigma // 1155


def clouds(rng, shape, cell: int, amplitude: int) -> np.ndarray:
    """Smooth noise, -amplitude…amplitude, whose blobs are about `cell` pixels wide."""
    rows, columns = shape
    small = rng.integers(0, 256, (rows // cell + 3, columns // cell + 3), dtype=np.uint8)
    big = Image.fromarray(small).resize((small.shape[1] * cell, small.shape[0] * cell), Image.BICUBIC)
    values = np.asarray(big)[cell:cell + rows, cell:cell + columns].astype(np.int32)
    return (values - 128) * amplitude // 128


def texture(rng, shape, cells, amplitude) -> np.ndarray:
    return sum(clouds(rng, shape, cell, amplitude * cell // sum(cells)) for cell in cells)


def ellipse(shape, cx, cy, rx, ry) -> np.ndarray:
    y, x = np.ogrid[:shape[0], :shape[1]]
    return ((x - cx) * ry) ** 2 + ((y - cy) * rx) ** 2 <= (rx * ry) ** 2


def soften(values: np.ndarray, radius: int = 1) -> np.ndarray:
    """A box mean of 2 × radius + 1, in integers."""
    size = 2 * radius + 1
    for axis in (0, 1):
        pad = [(0, 0), (0, 0)]
        pad[axis] = (radius + 1, radius)
        sums = np.cumsum(np.pad(values.astype(np.int64), pad, mode="edge"), axis=axis)
        values = np.take(sums, range(size, sums.shape[axis]), axis) - \
                         np.take(sums, range(sums.shape[axis] - size), axis)
        values = values // size
    return values


def chest(seed: int, position: int, count: int, size: int = 512, noise: int = 18) -> np.ndarray:
    """An axial slice of a thorax in Hounsfield units."""
    rng, k, shape = generator(seed + position), size / 512, (size, size)
    z = position / max(1, count - 1)

    def at(cx, cy, rx, ry):
        return ellipse(shape, int(cx * k), int(cy * k), max(1, int(rx * k)), max(1, int(ry * k)))

    slow = generator(seed)
    hu = np.full(shape, -1000, np.int64)
    hu[at(256, 262, 216 - 10 * z, 158 - 6 * z)] = -95
    muscle = at(256, 262, 200 - 10 * z, 142 - 6 * z)
    hu[muscle] = 52
    hu[at(256, 262, 184 - 8 * z, 126 - 6 * z) & muscle] = -20
    for side in (-1, 1):
        lung = at(256 + side * 98, 250, 76 - 14 * z, 104 - 16 * z)
        hu[lung] = -870
        vessels = texture(slow, shape, (24, 10, 5), 330)
        hu[lung & (vessels > 150)] = -160
        for rib in range(7):
            turn = (rib + z) * 0.42 + 0.3
            # A parabola stands in for the chest wall: no trigonometry.
            cy = 130 + 250 * turn / 3.3
            cx = 256 + side * (188 - 9 * z) * max(0.25, 1 - ((cy - 258) / 140) ** 2 * 0.62)
            hu[at(cx, cy, 11, 7)] = 520
            hu[at(cx, cy, 7, 4)] = 220
    hu[at(270 + 10 * z, 226 + 14 * z, 62 + 18 * z, 52 + 12 * z)] = 44
    hu[at(284 + 10 * z, 230 + 14 * z, 34 + 12 * z, 28 + 8 * z)] = 190
    hu[at(236, 306, 15, 15)] = 205
    hu[at(256, 262, 9, 8)] = -990 if z < 0.45 else 40
    hu[at(256, 352, 33, 27)] = 640
    marrow = at(256, 352, 28, 22)
    hu[marrow] = 210
    trabeculae = texture(slow, shape, (6, 3), 260)
    hu[marrow] += trabeculae[marrow]
    hu[at(256, 387, 12, 10)] = 18
    for side in (-1, 1):
        hu[at(256 + side * 24, 394, 17, 7)] = 480
    hu[at(256, 408, 6, 20)] = 430
    hu = soften(hu, 1)
    hu += soften(grain(rng, shape, noise * 2), 1) + grain(rng, shape, noise // 2)
    # The table: two curved sheets.
    y, x = np.ogrid[:size, :size]
    curve = (452 * k - ((x - 256 * k) ** 2) / (1400 * k)).astype(int)
    hu[(y - curve >= 0) & (y - curve < 3)] = -180
    hu[(y - curve >= 16) & (y - curve < 18)] = -260
    return np.clip(hu, -1024, 3071)


def head(seed: int, position: int, count: int, size: int = 256, peak: int = 1200) -> np.ndarray:
    """An axial slice of a head as T2-weighted MR, 0…about peak."""
    rng, k, shape = generator(seed + position), size / 256, (size, size)
    z = abs(position / max(1, count - 1) - 0.45)

    def at(cx, cy, rx, ry):
        shrink = 1 - z * 0.55
        return ellipse(shape, int(cx * k), int((128 + (cy - 128) * shrink) * k), max(1, int(rx * k * shrink)),
                       max(1, int(ry * k * shrink)))

    slow = generator(seed)
    image = np.full(shape, peak // 60, np.int64)
    image[at(128, 128, 88, 110)] = peak * 7 // 10
    image[at(128, 128, 82, 104)] = peak // 18
    image[at(128, 128, 76, 98)] = peak * 95 // 100
    brain = at(128, 128, 72, 94)
    image[brain] = peak * 52 // 100
    folds = texture(slow, shape, (12, 6, 3), peak * 6 // 10)
    image[brain & (folds > peak // 12)] = peak * 40 // 100
    cortex = brain & ~at(128, 128, 62, 84)
    image[cortex & (folds > peak // 18)] = peak * 9 // 10
    for side in (-1, 1):
        image[at(128 + side * 13, 112, 9, 26)] = peak
        image[at(128 + side * 20, 150, 7, 17)] = peak * 97 // 100
        image[at(128 + side * 25, 128, 11, 14)] = peak * 44 // 100
    image[at(128, 128, 1, 92) & brain] = peak * 85 // 100
    image = soften(image, 1) + clouds(slow, shape, 64, peak // 14)
    image = image + grain(rng, shape, peak // 45)
    return np.clip(np.abs(image), 0, 4095)


def radiograph(seed: int, columns: int, rows: int, black: int = 3900) -> np.ndarray:
    """A frontal chest in MONOCHROME1 values of 12 bits: high is black."""
    rng, small = generator(seed), (rows // 4, columns // 4)
    r, c = small

    def at(cx, cy, rx, ry):
        return ellipse(small, int(cx * c), int(cy * r), max(1, int(rx * c)), max(1, int(ry * r)))

    dense = np.full(small, 0, np.int64)
    dense[at(0.5, 0.62, 0.44, 0.62)] = 1500
    dense[at(0.5, 0.05, 0.12, 0.2)] = 1400
    for side in (-1, 1):
        dense[at(0.5 + side * 0.19, 0.46, 0.15, 0.29)] = 620
    lungs = dense == 620
    dense[lungs] += texture(rng, small, (20, 9, 4), 300)[lungs]
    dense[at(0.55, 0.60, 0.15, 0.14)] = 2100
    dense[at(0.5, 0.5, 0.045, 0.5)] += 480
    for rib in range(9):
        ring = at(0.5, 0.18 + rib * 0.072, 0.39, 0.105) & ~at(0.5, 0.195 + rib * 0.072, 0.375, 0.10)
        dense[ring] += 330
    dense[at(0.5, 1.0, 0.42, 0.23)] = 2500
    for side in (-1, 1):
        dense[at(0.5 + side * 0.22, 0.155, 0.17, 0.014)] += 420
    dense = soften(soften(dense, 4), 3) + clouds(rng, small, 40, 70)
    picture = Image.fromarray(np.clip(dense, 0, 4095).astype(np.int32), "I").resize((columns, rows), Image.BILINEAR)
    values = black - np.asarray(picture).astype(np.int64) + grain(rng, (rows, columns), 14)
    edge = 46
    values[:edge], values[-edge:], values[:, :edge], values[:, -edge:] = black, black, black, black
    return np.clip(values, 0, 4095)


class Sector:
    """A speckled ultrasound sector that moves from frame to frame."""

    def __init__(self, seed: int, rows: int, columns: int, apex, depth: int, spread: float = 0.72, count: int = 36):
        self.shape, self.count = (rows, columns), count
        rng = generator(seed)
        y, x = np.mgrid[:rows, :columns]
        dy, dx = (y - apex[1]).astype(np.float64), (x - apex[0]).astype(np.float64)
        radius = np.sqrt(dx * dx + dy * dy)
        # The tangent is as good a scan-line coordinate as the angle.
        slope = dx / np.maximum(dy, 1)
        self.inside = (radius <= depth) & (radius >= 14) & (np.abs(slope) <= spread) & (dy > 0)
        self.range = np.clip(radius, 0, depth).astype(np.int64)
        self.line = np.clip((slope / spread + 1) * 200, 0, 400).astype(np.int64)
        polar = (depth + 60, 460)
        self.speckle = np.abs(soften(grain(rng, polar, 90), 1)) + np.abs(grain(rng, polar, 16))
        self.tissue = 70 + texture(rng, polar, (70, 30, 12), 70)
        self.depth = depth

    def frame(self, index: int) -> np.ndarray:
        phase = index % 12
        beat = (6 - abs(phase - 6)) / 6
        rows, columns = self.depth + 60, 460
        field = self.tissue.copy()
        chamber = ellipse((rows, columns), 215, int(self.depth * 0.5),
                          int(74 - 22 * beat), int(self.depth * (0.24 - 0.06 * beat)))
        wall = ellipse((rows, columns), 215, int(self.depth * 0.5),
                       int(92 - 16 * beat), int(self.depth * (0.31 - 0.03 * beat)))
        field[wall] = field[wall] * 3 // 2 + 15
        field[chamber] = 6
        valve = int(self.depth * (0.68 + 0.04 * beat))
        field[valve:valve + 5, 170:262] = 200
        field[int(self.depth * 0.93):int(self.depth * 0.95)] += 70
        shift = index * 3 % 40
        echo = field * np.roll(self.speckle, shift, axis=1) // 62
        echo = echo * (self.depth * 2 - np.arange(rows)[:, None]) // (self.depth * 2)
        image = np.zeros(self.shape, np.int64)
        image[self.inside] = echo[self.range[self.inside], self.line[self.inside]]
        return np.clip(image, 0, 235).astype(np.uint8)
