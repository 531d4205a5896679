"""Clean pictures of kinds that the weights in use never saw: test patterns, phantoms, maps, drawings without a letter. The
patterns of the next training (`backgrounds.PATTERNS`) come near some of them.

Each function makes a picture of SIDE × SIDE grey levels from a generator, as floats.
"""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 512
#: Drawings are made this much larger, then reduced.
SCALE = 2
LARGE = SIDE * SCALE


def drawing(rng, low, high):
    image = Image.new("L", (LARGE, LARGE), int(rng.integers(low, high)))
    return image, ImageDraw.Draw(image)


def reduced(rng, image):
    """At the size of the picture, with edges hard or soft, and perhaps with noise."""
    how = Image.LANCZOS if rng.random() < .7 else Image.NEAREST
    pixels = np.asarray(image.resize((SIDE, SIDE), how), float)
    return pixels + rng.normal(0, rng.choice([0, 1, 3, 8]), pixels.shape)


def blurred(noise, radius):
    grey = (noise - noise.min()) * (255 / (noise.max() - noise.min()))
    return np.asarray(Image.fromarray(grey.astype(np.uint8)).filter(ImageFilter.GaussianBlur(radius)), float)


def around_middle():
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    return x, y


def star(rng):
    """Rays that get finer towards the middle, in a disc."""
    x, y = around_middle()
    rays = np.sin(np.arctan2(y, x) * int(rng.integers(12, 73))) > 0
    return np.where(np.hypot(x, y) < 220, rays * rng.integers(60, 255), rng.integers(0, 60)).astype(float)


def discs(rng):
    """A contrast-detail phantom: discs smaller in one direction, fainter in the other."""
    image, draw = drawing(rng, 40, 90)
    ground, count = image.getpixel((0, 0)), int(rng.integers(4, 12))
    for i in range(count):
        for j in range(count):
            radius, level = 1 + (count - i) * 40 / count, ground + (j + 1) * rng.uniform(40, 160) / count
            x, y = (i + .5) * LARGE / count, (j + .5) * LARGE / count
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=int(min(255, level)))
    return reduced(rng, image)


def monitor(rng):
    """A display's test pattern: a grid, patches with a fainter patch in each, line pairs in the corners."""
    image, draw = drawing(rng, 100, 140)
    for i in range(17):
        at = i * LARGE // 16
        draw.line([(at, 0), (at, LARGE)], fill=200, width=2)
        draw.line([(0, at), (LARGE, at)], fill=200, width=2)
    for i in range(16):
        x, y = 256 + i % 4 * 128, 256 + i // 4 * 128
        draw.rectangle([x, y, x + 127, y + 127], fill=i * 17)
        draw.rectangle([x + 50, y + 50, x + 78, y + 78], fill=min(255, i * 17 + 6))
    for i, (x, y) in enumerate([(40, 40), (900, 40), (40, 900), (900, 900), (480, 60)]):
        width = 2 + i % 3 * 2
        for at in range(0, 80, 2 * width):
            draw.rectangle([x + at, y, x + at + width - 1, y + 80], fill=255)
    return reduced(rng, image)


def honeycomb(rng):
    image, draw = drawing(rng, 0, 40)
    radius, level, width = rng.uniform(8, 60), int(rng.integers(90, 255)), int(rng.integers(1, 5))
    for j in range(int(LARGE / (1.5 * radius)) + 2):
        for i in range(int(LARGE / (1.732 * radius)) + 2):
            x, y = i * 1.732 * radius + j % 2 * .866 * radius, j * 1.5 * radius
            corners = [(x + radius * np.sin(k * np.pi / 3), y + radius * np.cos(k * np.pi / 3)) for k in range(6)]
            draw.polygon(corners, outline=level, width=width)
    return reduced(rng, image)


def cells(rng):
    """Each place the level of the nearest of some points."""
    y, x = np.mgrid[:SIDE, :SIDE]
    nearest, levels = np.full((SIDE, SIDE), np.inf), np.zeros((SIDE, SIDE))
    for px, py in rng.uniform(0, SIDE, (int(rng.integers(20, 900)), 2)):
        distance = (x - px) ** 2 + (y - py) ** 2
        levels[distance < nearest] = rng.integers(0, 255)
        nearest = np.minimum(nearest, distance)
    return levels


def vessels(rng):
    """Trees that branch and get thinner."""
    image, draw = drawing(rng, 10, 120)
    level = int(rng.integers(140, 255))

    def branch(x, y, angle, length, width):
        if length < 6 or width < 1:
            return
        for _ in range(4):
            end = x + length / 4 * np.cos(angle), y + length / 4 * np.sin(angle)
            draw.line([x, y, *end], fill=level, width=int(max(1, width)))
            (x, y), angle = end, angle + rng.normal(0, .15)
        for sense in (-1, 1):
            branch(x, y, angle + sense * rng.uniform(.25, .7), length * rng.uniform(.65, .85), width * .72)

    for _ in range(int(rng.integers(1, 4))):
        branch(*rng.uniform(200, 800, 2), rng.uniform(0, 2 * np.pi), rng.uniform(80, 200), rng.uniform(4, 16))
    return reduced(rng, image)


def perfusion(rng):
    """A brain's map in coarse cells or smooth, its levels as they are, in steps, or folded as by a colour table."""
    count = int(rng.integers(24, 129))
    field = rng.random((count, count))
    for _ in range(int(rng.integers(0, 3))):
        field = (field + sum(np.roll(field, by, axis) for by in (1, -1) for axis in (0, 1))) / 5
    field = (field - field.min()) / (field.max() - field.min())
    y, x = np.mgrid[:count, :count] / count - .5
    field[((x / .36) ** 2 + (y / .45) ** 2 > 1) | (((x + .07) / .05) ** 2 + (y / .15) ** 2 < 1)] = 0
    levels = (field * 255).astype(np.uint8)
    if rng.random() < .5:
        levels = np.kron(levels, np.ones((SIDE // count + 1,) * 2))[:SIDE, :SIDE]
    else:
        levels = np.asarray(Image.fromarray(levels).resize((SIDE, SIDE), Image.BICUBIC), float)
    return [levels, 255 * np.abs(np.sin(levels / 255 * 6)), np.floor(levels / 32) * 32][rng.integers(3)]


def checkers(rng):
    side = int(rng.choice([1, 2, 3, 4, 6, 8, 16, 32]))
    y, x = np.mgrid[:SIDE, :SIDE] // side
    board = (x + y) % 2 * float(rng.integers(20, 255))
    if rng.random() < .5:
        board[:, :SIDE // 2] = rng.integers(0, 255)
    return board


def spiral(rng):
    x, y = around_middle()
    turns = np.hypot(x, y) / rng.uniform(2, 14) + np.arctan2(y, x) * rng.integers(0, 4)
    return 128 + rng.uniform(20, 127) * np.sign(np.sin(turns))


def wires(rng):
    """An ultrasound phantom: rows of bright points in speckle."""
    image, draw = drawing(rng, 5, 60)
    for i in range(int(rng.integers(5, 15))):
        for j in range(int(rng.integers(3, 10))):
            x, y, w, h = 100 + i * 60, 100 + j * 90, rng.integers(2, 9), rng.integers(2, 7)
            draw.ellipse([x - w, y - h, x + w, y + h], fill=int(rng.integers(120, 255)))
    return np.asarray(image.resize((SIDE, SIDE), Image.LANCZOS), float) + blurred(rng.rayleigh(1, (SIDE, SIDE)), 1.5) / 2


def leaves(rng):
    """A portal image between the leaves of a collimator."""
    image, draw = drawing(rng, 180, 230)
    count = int(rng.integers(20, 60))
    for i in range(count):
        top, bottom = i * LARGE / count, (i + 1) * LARGE / count
        draw.rectangle([0, top, 400 + rng.normal(0, 50), bottom], fill=60)
        draw.rectangle([620 + rng.normal(0, 50), top, LARGE, bottom], fill=60)
    return reduced(rng, image)


def measurements(rng):
    """Outlines, calipers, dotted and plain lines, without their values."""
    image, draw = drawing(rng, 20, 140)
    for _ in range(int(rng.integers(2, 12))):
        (x, y), level, kind = (int(v) for v in rng.integers(50, 950, 2)), int(rng.integers(150, 255)), rng.integers(4)
        if kind == 0:
            draw.ellipse([x, y, x + int(rng.integers(20, 200)), y + int(rng.integers(20, 200))], outline=level, width=3)
        elif kind == 1:
            draw.line([x - 14, y, x + 14, y], fill=level, width=3)
            draw.line([x, y - 14, x, y + 14], fill=level, width=3)
        elif kind == 2:
            by = rng.integers(-300, 300, 2)
            for t in np.linspace(0, 1, 30):
                px, py = x + t * by[0], y + t * by[1]
                draw.rectangle([px, py, px + 2, py + 2], fill=level)
        else:
            draw.line([x, y, x + int(rng.integers(-200, 200)), y + int(rng.integers(-200, 200))], fill=level, width=3)
    return reduced(rng, image)


def doppler(rng):
    """A spectrum over time, with its baseline and marks of time."""
    picture, period = np.zeros((SIDE, SIDE)), rng.uniform(50, 150)
    for column in range(SIDE):
        height = int(60 + 120 * np.exp(-(column % period) / period * 3))
        picture[300 - height:300, column] = rng.rayleigh(40, height) * np.linspace(.4, 1.6, height)
    picture[299:301] = 90
    for column in range(0, SIDE, 32):
        picture[296:300, column:column + 2] = 200
    return picture


def moire(rng):
    y, x = np.mgrid[:SIDE, :SIDE] * 1.0
    return 128 + 60 * np.sin((x * x + y * y) / rng.uniform(80, 900)) + 60 * np.sin(x * rng.uniform(.2, 2.5))


def marrow(rng):
    field = blurred(rng.normal(size=(SIDE, SIDE)), rng.uniform(.8, 2.5))
    return (field > np.median(field)) * rng.uniform(40, 200) + 20


def stairs(rng):
    """A row of patches from black to white, some with an outline."""
    image, draw = drawing(rng, 0, 255)
    count, (x, y), (w, h) = int(rng.integers(5, 33)), rng.integers(0, 500, 2), rng.integers(10, 60, 2)
    outline = 0 if rng.random() < .3 else None
    for i in range(count):
        draw.rectangle([int(x + i * w), int(y), int(x + (i + 1) * w), int(y + h)], fill=255 * i // (count - 1), outline=outline)
    return reduced(rng, image)


KINDS = [star, discs, monitor, honeycomb, cells, vessels, perfusion, checkers, spiral, wires, leaves, measurements, doppler,
         moire, marrow, stairs]
