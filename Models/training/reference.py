"""Writes what PyTorch's convolutions answer for one picture, network by network, for the kernel's test.

    python Models/training/reference.py WEIGHTS Tests/TextFindingTests/Fixtures/textnet-reference.bin

All sums are exact here; where the kernel rounds, the same is rounded.
"""
import struct
import sys

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional as F

from network import (DILATIONS, FEATURES, FINE_BLOCKS, GATE_AT, GATE_DILATIONS, MOST, MOST_STEPS, NETWORKS, REACH,
                     STEPS, read_safetensors, unpacked)

#: The features' zero in the kernel.
MIDDLE = 64


def picture():
    rng, size = np.random.default_rng(7), (208, 152)
    image = Image.fromarray(np.clip(rng.normal(70, 14, size[::-1]), 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 15)
    draw.text((12, 12), "SPECIMEN, ANNA 12/03/1950", font=font, fill=230)
    draw.text((12, 60), "LEFT 42 mm", font=font, fill=10)
    draw.ellipse((120, 70, 190, 140), outline=200, width=3)
    return np.asarray(image)


def difference(pixels, radius):
    """From the mean of the square around each pixel, in the kernel's own order of single-precision sums."""
    height, width = pixels.shape
    sums = np.pad(pixels.astype(np.int64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    span = lambda n: (np.maximum(np.arange(n) - radius, 0), np.minimum(np.arange(n) + radius + 1, n))
    (top, bottom), (left, right) = span(height), span(width)
    box = sums[bottom][:, right] - sums[top][:, right] - sums[bottom][:, left] + sums[top][:, left]
    one = np.float32(1)
    share = (one / (right - left).astype(np.float32))[None, :] * (one / (bottom - top).astype(np.float32))[:, None]
    return pixels.astype(np.float32) - box.astype(np.float32) * share


def features(pixels):
    """Steps of the features, 64 more each."""
    steps = [np.clip(np.rint(difference(pixels, radius) * np.float32(STEPS / gain)), -MOST_STEPS, MOST_STEPS) + MIDDLE
             for radius, gain in FEATURES]
    return torch.from_numpy(np.stack(steps)).double()[None]


class Layers:
    def __init__(self, tensors):
        self.tensors = tensors

    def linear(self, name, x, size=3, stride=1, dilation=1, padding=None, fill=0):
        """The sum of a convolution, brought to steps of what it makes."""
        weight = unpacked(self.tensors[name + ".weight"], x.shape[1], size).double()
        x = F.pad(x, [size // 2 * dilation if padding is None else padding] * 4, value=fill)
        total = F.conv2d(x, weight, stride=stride, dilation=dilation)
        scale, bias = (self.tensors[f"{name}.{part}"].double()[None, :, None, None] for part in ("scale", "bias"))
        return (total * scale + bias).float().double()

    def __call__(self, name, x, **options):
        return self.linear(name, x, **options).round().clamp(0, MOST)

    def residual(self, name, x, dilation=1):
        return (x + self(name, x, dilation=dilation)).clamp(max=MOST)

    def head(self, name, x):
        weight, bias = (self.tensors[f"{name}.{part}"].double() for part in ("weight", "bias"))
        return torch.einsum("nchw,c->nhw", x, weight) + bias


def logits(layers, pixels):
    x = features(pixels)
    stem = layers("stem", x, size=6, stride=4, padding=1, fill=MIDDLE)
    gate = layers("gate.down", stem, stride=2)
    for i, dilation in enumerate(GATE_DILATIONS):
        gate = layers.residual(f"gate.{i}", gate, dilation)
    passed = F.max_pool2d((layers.head("gate.head", gate) > GATE_AT).double()[:, None], 2 * REACH + 1, 1, REACH)
    looked = F.interpolate(passed, scale_factor=2)
    half = layers("detail.0", x, stride=2, fill=MIDDLE)
    fine = (stem + layers("detail.1", half, stride=2)).clamp(max=MOST) * looked
    for i in range(FINE_BLOCKS):
        fine = layers.residual(f"fine.{i}", fine) * looked
    coarse = layers("down", fine, stride=2) * passed
    for i, dilation in enumerate(DILATIONS):
        coarse = layers.residual(f"context.{i}", coarse, dilation) * passed
    broad = layers.linear("lateral", coarse, size=1)
    places = broad.shape[1] // 4  # for each of the four places its channels side by side
    broad = F.pixel_shuffle(broad.view(1, 4, places, *broad.shape[2:]).transpose(1, 2).reshape(broad.shape), 2)
    answer = layers.head("head", F.relu(layers.linear("sharp", fine, size=1) + broad))
    return torch.where(looked[:, 0] > 0, answer, -20.0)[0].numpy()


if __name__ == "__main__":
    pixels = picture()
    answers = [logits(Layers(read_safetensors(sys.argv[1], number)), pixels) for number in range(NETWORKS)]
    with open(sys.argv[2], "wb") as file:
        file.write(struct.pack("<II", *pixels.shape[::-1]) + pixels.tobytes())
        for answer in answers:
            file.write(answer.astype("<f4").tobytes())
