"""Compares one released file with its input and the truth."""

import json
import subprocess

import numpy as np

from . import encode, read

BASELINE_OR_EXTENDED = (encode.JPEG_BASELINE, encode.JPEG_EXTENDED)
COVERED = 0.99
# Rendered by the data's own range, 0…255.
DARK = 48


def frame_numbers(value, count):
    """A region's frames: a list of numbers or of "a-b", or nothing, which is all."""
    if value in (None, "", [], "all"):
        return range(1, count + 1)
    numbers = []
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str) and "-" in part:
            first, last = part.split("-")
            numbers += range(int(first), int(last) + 1)
        else:
            numbers.append(int(part))
    return numbers


def masks(regions, source, count, rows, columns):
    """For each frame, where the reported regions of one source lie."""
    result = np.zeros((count, rows, columns), bool)
    for region in regions:
        if region.get("source", "pixels") != source:
            continue
        x, y = max(0, int(region["x"])), max(0, int(region["y"]))
        for number in frame_numbers(region.get("frames"), count):
            if 1 <= number <= count:
                result[number - 1, y:int(region["y"]) + int(region["height"]),
                       x:int(region["x"]) + int(region["width"])] = True
    return result


def grown_to_blocks(mask, wide):
    """Whole MCUs: 16 × 8 where chroma is halved, else 8 × 8."""
    rows, columns = mask.shape
    width = 16 if wide else 8
    padded = np.pad(mask, ((0, -rows % 8), (0, -columns % width)))
    blocks = padded.reshape(padded.shape[0] // 8, 8, padded.shape[1] // width, width).any(axis=(1, 3))
    return np.repeat(np.repeat(blocks, 8, axis=0), width, axis=1)[:rows, :columns]


def spread(mask, columns):
    """One chroma sample decides over its neighbours when a decoder interpolates."""
    result = mask.copy()
    for shift in range(1, columns + 1):
        result[:, shift:] |= mask[:, :-shift]
        result[:, :-shift] |= mask[:, shift:]
    return result


class Comparison:
    """The input and the released file of one truth entry; `failures` says what is wrong."""

    def __init__(self, entry, source_path, released_path, regions):
        self.entry, self.frames_by_failure, self.counts = entry, {}, {}
        self.source, self.before = read.decoded_frames(source_path)
        self.released, self.after = read.decoded_frames(released_path)
        self.regions = regions
        self.lossy = read.transfer_syntax(self.source) in BASELINE_OR_EXTENDED

    def fail(self, text, frame=None):
        self.frames_by_failure.setdefault(text, []).append(frame)

    @property
    def failures(self):
        """Each fault once, with the frames it was seen on."""
        return [text if frames[0] is None or self.before.shape[0] == 1 else
                f"{text} on {len(frames)} frames, first {frames[0]}" for text, frames in self.frames_by_failure.items()]

    def run(self):
        self.header()
        if self.before.shape != self.after.shape:
            self.fail(f"shape {self.after.shape} instead of {self.before.shape}")
            return self
        count, rows, columns = self.before.shape[:3]
        self.pixels = masks(self.regions, "pixels", count, rows, columns)
        for number in range(1, count + 1):
            self.outside(number)
        for item in self.entry["text"]:
            if item["source"] == "pixels":
                self.pixel_item(item)
            else:
                self.plane_item(item, masks(self.regions, item["source"], count, rows, columns))
        self.counts["area"] = round(100 * float(self.pixels.mean()), 1)
        return self

    def header(self):
        if self.released.get("PatientIdentityRemoved") != "YES":
            self.fail("Patient Identity Removed is not YES")
        if read.transfer_syntax(self.released) != read.transfer_syntax(self.source):
            self.fail(f"Transfer Syntax {read.transfer_syntax(self.released)}")
        if self.released.PhotometricInterpretation != self.source.PhotometricInterpretation:
            self.fail(f"Photometric Interpretation {self.released.PhotometricInterpretation}")
        if "IconImageSequence" in self.released:
            self.fail("Icon Image left")
        if any(read.unused_bits(self.released, frame).any() for frame in self.after):
            self.fail("unused bits left")

    def outside(self, number):
        before, after = self.before[number - 1], self.after[number - 1]
        kept = ~self.pixels[number - 1]
        if not self.lossy:
            before, after = read.stored_values(self.source, before), read.stored_values(self.released, after)
            if (before != after)[kept].any():
                self.fail("samples outside the regions changed", number)
            return
        kept = ~grown_to_blocks(~kept, wide=before.ndim == 3)
        luma = (before != after) if before.ndim == 2 else (before[:, :, 0] != after[:, :, 0])
        if luma[kept].any():
            self.fail("samples outside the regions changed", number)
        if before.ndim == 3:
            chroma_kept = ~spread(~kept, 2)
            if (before != after)[chroma_kept].any():
                self.fail("colours outside the regions changed", number)

    def pixel_item(self, item):
        x, y, w, h = item["box"]
        for number in item["frames"]:
            covered = self.pixels[number - 1, y:y + h, x:x + w].mean()
            before, after = (f[number - 1, y:y + h, x:x + w] for f in (self.before, self.after))
            if item["phi"]:
                self.phi_box(item, number, covered, after)
            elif item["kind"] == "mark" and (before != after).any():
                self.fail(f"marker \"{item['text']}\" changed", number)
            elif item["kind"] != "mark" and covered > 0.5:
                self.counts["safe masked"] = self.counts.get("safe masked", 0) + 1

    def phi_box(self, item, number, covered, after):
        what = f"{item['kind']} at {item['box']}"
        self.counts["phi"] = self.counts.get("phi", 0) + 1
        if covered < COVERED:
            self.fail(f"{what}: {covered:.0%} covered", number)
        samples = after.reshape(-1, after.shape[2] if after.ndim == 3 else 1).astype(np.int64)
        middle = np.median(samples, axis=0)
        tolerance = 3 if self.lossy else 0
        if (np.abs(samples - middle).max(axis=1) <= tolerance).mean() < COVERED:
            self.fail(f"{what}: not uniform", number)
        x, y, w, h = item["box"]
        if np.median(read.display(self.released, self.after[number - 1])[y:y + h, x:x + w]) > DARK:
            self.fail(f"{what}: the fill is not black", number)

    def plane_item(self, item, reported):
        """Gone with its plane is as good as covered, if it was reported at all."""
        x, y, w, h = item["box"]
        self.counts["phi"] = self.counts.get("phi", 0) + 1
        if reported[0, y:y + h, x:x + w].mean() < COVERED:
            self.counts["plane text not reported"] = self.counts.get("plane text not reported", 0) + 1
        for mask in read.planes(self.released, self.after[0]):
            part = mask[y:y + h, x:x + w]
            if part.any() and not part.all():
                self.fail(f"{item['source']} text at {item['box']} left")


def new_errors(source_path, released_path):
    """Errors of dciodvfy that the input didn't have; values left out. None without dciodvfy."""
    def errors(path):
        done = subprocess.run(["dciodvfy", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lines = [line for line in done.stdout.decode("latin-1").splitlines() if line.startswith("Error")]
        return {line.split(" - Length")[0].split(" = <")[0] for line in lines}
    try:
        return sorted(errors(released_path) - errors(source_path))
    except FileNotFoundError:
        return None


def regions_of(row):
    return json.loads(row.get("regions") or "[]")
