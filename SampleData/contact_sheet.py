#!/usr/bin/python3
"""Draws the pictures of SampleData on one sheet, each with the truth's boxes: red where it is patient data."""

import argparse
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from PIL import Image, ImageDraw

from sampledata.read import decoded_frames, display, planes


def panel(folder, entry, size):
    """The first frame with text, or the first one; by the data's own range, palettes and colour applied."""
    dataset, frames = decoded_frames(os.path.join(folder, "input", entry["path"]))
    items = entry["text"]
    number = max((min(item["frames"]) for item in items), default=1)
    picture = display(dataset, frames[number - 1])
    for plane in planes(dataset, frames[number - 1]):
        picture[plane > 0] = (90, 255, 90)
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for item in items:
        if number in item["frames"]:
            x, y, w, h = item["box"]
            draw.rectangle([x - 1, y - 1, x + w, y + h], outline=(255, 60, 60) if item["phi"] else (70, 150, 255))
    image.thumbnail((size, size), Image.LANCZOS)
    return image, f"{entry['kind']} / {entry['outcome']} / frame {number} of {len(frames)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="an output of generate.py")
    parser.add_argument("picture", help="PNG to write")
    parser.add_argument("--size", type=int, default=420)
    parser.add_argument("--only", default="", help="files whose path contains this")
    options = parser.parse_args()
    with open(os.path.join(options.folder, "truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    panels, seen = [], set()
    for entry in truth["files"]:
        clean = (os.path.dirname(entry["path"]), entry["kind"]) if not entry["text"] else entry["path"]
        skip = entry["outcome"] == "not-dicom" or "container" in entry or entry["path"].startswith("broken")
        if skip or clean in seen or options.only not in entry["path"] or entry["kind"] in (
                "structured-report", "encapsulated-document", "directory"):
            continue
        seen.add(clean)
        panels.append(panel(options.folder, entry, options.size))
    columns = max(1, min(5, len(panels)))
    cell = options.size + 22
    sheet = Image.new("RGB", (columns * cell, -(-len(panels) // columns) * cell), (40, 40, 40))
    draw = ImageDraw.Draw(sheet)
    for index, (image, label) in enumerate(panels):
        x, y = index % columns * cell, index // columns * cell
        sheet.paste(image, (x, y + 16))
        draw.text((x + 3, y + 2), label, fill=(230, 230, 120))
    sheet.save(options.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
