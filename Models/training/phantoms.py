"""Phantoms: cuts through bodies made of ellipses, large, and as small as in the coarse levels of the pyramid."""
import functools

import numpy as np
from PIL import Image, ImageFilter


def places(picture):
    """Of each row and of each column."""
    y, x = np.ogrid[:picture.shape[0], :picture.shape[1]]
    return y.astype(np.float32), x.astype(np.float32)


def draw_ellipse(picture, cx, cy, a, b, level, turn=0.0, rim=0.0):
    """Into the picture, filled, or its rim alone as a share of the half-axes."""
    (y, x), c, s = places(picture), np.cos(turn), np.sin(turn)
    across, down = ((x - cx) * c + (y - cy) * s) / max(a, .5), ((y - cy) * c - (x - cx) * s) / max(b, .5)
    inside = across ** 2 + down ** 2 < 1
    if rim:
        inside &= across ** 2 + down ** 2 > (1 - rim) ** 2
    picture[inside] = level


def bodies(rng, side):
    """Cuts through a body made of ellipses, as phantoms are: layers, organs, ribs and vertebrae one beside the other,
    rods, a table under it; as it is, through a window, or with its levels spread evenly."""
    shade = rng.integers(0, 256, 8).astype(float)
    picture = np.full((side, side), shade[0])

    ellipse = functools.partial(draw_ellipse, picture)
    cx, cy = rng.uniform(.3, .7, 2) * side
    a, b = rng.uniform(.2, .7, 2) * side
    for i in range(int(rng.integers(1, 4))):
        ellipse(cx, cy, a * .93 ** i, b * .93 ** i, shade[1 + i])
    for _ in range(int(rng.integers(0, 7))):
        ellipse(cx + rng.normal(0, a / 2), cy + rng.normal(0, b / 2), *rng.uniform(2, a * .5, 2), rng.choice(shade), rng.uniform(0, 3))
    for _ in range(int(rng.integers(0, 4))):  # ribs, vertebrae, rods: alike, one after the other along a line or a bow
        count, level = int(rng.integers(3, 22)), rng.choice([255, 0, *shade])
        p, q = rng.uniform(2, 22), rng.uniform(1, 14)
        rim, tilt, bow = (rng.uniform(.2, .7) if rng.random() < .2 else 0), rng.uniform(0, 3), rng.uniform(0, 6.3)
        shrink, gap = rng.uniform(.9, 1.02), rng.uniform(1.0, 3.2)
        if rng.random() < .5:
            turn, at = (rng.choice([0, np.pi / 2]) if rng.random() < .7 else rng.uniform(0, 3)), rng.uniform(-.2, .8, 2) * side
            for i in range(count):
                step = i * gap * (p + q)
                ellipse(at[0] + step * np.cos(turn), at[1] + step * np.sin(turn), p * shrink ** i, q * shrink ** i, level, tilt, rim)
        else:
            spread, share = rng.uniform(.5, 6.3), rng.uniform(.6, 1.05)
            for i in range(count):
                t = bow + spread * i / count
                ellipse(cx + a * share * np.cos(t), cy + b * share * np.sin(t), p, q, level, t + np.pi / 2 if rng.random() < .8 else tilt, rim)
    if rng.random() < .3:
        for i in range(int(rng.integers(1, 3))):
            level, at = rng.choice([255, *shade]), cy + b * rng.uniform(.9, 1.2)
            y, x = places(picture)
            picture[np.abs(y - at - (x - cx) ** 2 / side * rng.uniform(0, .3)) < rng.uniform(.5, 4)] = level
    if rng.random() < .5:
        picture = np.asarray(Image.fromarray(picture.astype(np.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1.5))), float)
    picture = picture + rng.normal(0, rng.choice([0, 1, 2, 4, 8, 16]), picture.shape)
    how = rng.random()
    if how < .35:
        low, span = rng.uniform(-50, 200), rng.uniform(10, 160)
        picture = (picture - low) * 255 / span
    elif how < .5:
        ranks = np.argsort(np.argsort(picture, axis=None, kind="stable"), kind="stable").reshape(picture.shape)
        picture = ranks * (255 / picture.size)
    return np.clip(picture, 0, 255)


def with_column(rng, picture):
    """Organs and vertebrae one below the other down the middle, as cuts through a trunk have them; some hollow."""
    picture, side = picture.copy(), len(picture)
    upright = picture if rng.random() < .8 else picture.T
    x, y, shades = side * rng.uniform(.4, .6), side * rng.uniform(.15, .45), rng.integers(0, 256, 4)
    for _ in range(int(rng.integers(2, 7))):
        a, b = side * np.exp(rng.uniform(np.log(.012), np.log(.14), 2))
        middle = x + side * rng.normal(0, .03), y + b
        draw_ellipse(upright, *middle, a, b, rng.choice(shades))
        if rng.random() < .35:
            draw_ellipse(upright, *middle, *rng.uniform(.55, .9) * np.array((a, b)), rng.choice(shades))
        y += 2 * b + side * abs(rng.normal(0, .03))
    return picture


def small_bodies(rng, side):
    """Bodies as small as in the coarse levels of the pyramid, where their organs are as high as letters: a few, each
    shown again turned, mirrored and in other greys."""
    wide = int(np.exp(rng.uniform(np.log(40), np.log(side))))
    drawn = []
    for _ in range(1 if wide > side // 2 else 2):
        body = bodies(rng, min(256, max(128, 2 * wide))).astype(np.uint8)
        if rng.random() < .6:
            body = with_column(rng, body)
        drawn.append(np.asarray(Image.fromarray(body).resize((wide, wide), Image.BOX), float))
    picture = np.full((side, side), float(rng.integers(0, 256)))
    for y in range(0, side, wide):
        for x in range(0, side, wide):
            body = drawn[rng.integers(len(drawn))]
            if rng.random() < .5:
                body = body[:, ::-1]
            if rng.random() < .3:
                body = np.rot90(body, rng.integers(1, 4))
            body = np.clip((body - 128) * rng.uniform(.4, 1.2) * rng.choice([1, 1, -1]) + rng.uniform(90, 160), 0, 255)
            part = picture[y:y + wide, x:x + wide]
            part[:] = body[:part.shape[0], :part.shape[1]]
    return np.roll(picture, rng.integers(0, side, 2), (0, 1)) if rng.random() < .3 else picture
