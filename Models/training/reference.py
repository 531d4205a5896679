"""Writes what PyTorch answers for one picture, for the kernel's test.

    python Models/training/reference.py WEIGHTS Tests/TextFindingTests/Fixtures/textnet-reference.bin
"""
import struct
import sys

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

from network import GATE_AT, TextNet

rng = np.random.default_rng(7)
width, height = 208, 152
picture = Image.fromarray(np.clip(rng.normal(70, 14, (height, width)), 0, 255).astype(np.uint8))
draw = ImageDraw.Draw(picture)
font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 15)
draw.text((12, 12), "SPECIMEN, ANNA 12/03/1950", font=font, fill=230)
draw.text((12, 60), "LEFT 42 mm", font=font, fill=10)
draw.ellipse((120, 70, 190, 140), outline=200, width=3)
pixels = np.asarray(picture)
tensor = torch.from_numpy(pixels.astype(np.float32))[None, None]
network = TextNet().load(sys.argv[1], tensor).eval()
with torch.no_grad():
    logits, _, mask = network(tensor, GATE_AT)
    looked = torch.nn.functional.interpolate(mask, scale_factor=2)[0, 0] > 0
    logits = torch.where(looked, logits[0], -20.0).numpy()
with open(sys.argv[2], "wb") as file:
    file.write(struct.pack("<II", width, height) + pixels.tobytes() + logits.astype("<f4").tobytes())
