#!/usr/bin/env python3
"""What is lost where a frame of a cine is searched only in what earlier frames don't explain.

    make bench-cines        (needs a corpus: QUENCH_CORPUS or ../shared/corpus)

A line comes up on the third of three frames of a cine: real ones, and still pictures that move and are noisy. Each such
frame is searched as the third of its cine and alone. Lines that are found alone and not in the cine are what it costs. What
it spares is measured on the same frames without the line: the third frames' processor time, in the cine and alone.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Models", "training"))
import phrases  # noqa: E402
import unseen  # noqa: E402
from scenes import full_strength  # noqa: E402
from scoring import FOUND  # noqa: E402
from speed import ENVIRONMENT  # noqa: E402

HEIGHTS, CONTRASTS = (6, 8, 10, 12, 16, 24), (4, 6, 10, 20, 40)


def real_cines(corpus):
    """Grey frames of each colour or grey cine of at least eight frames of 8 bits."""
    import pydicom
    seen = set()
    for folder, _, names in sorted(os.walk(corpus)):
        for name in sorted(names):
            try:
                data = pydicom.dcmread(os.path.join(folder, name))
                if int(data.NumberOfFrames) < 8 or data.BitsAllocated != 8 or min(data.Rows, data.Columns) < 100:
                    continue
                if data.Modality not in ("US", "XA", "RF", "IVUS", "OP", "ES", "GM", "OT") or data.SOPInstanceUID in seen:
                    continue
                frames = data.pixel_array
            except Exception:  # not DICOM, damaged, or of another kind
                continue
            seen.add(data.SOPInstanceUID)
            if data.PhotometricInterpretation == "PALETTE COLOR":
                continue
            if frames.ndim == 4:
                kind = data.PhotometricInterpretation
                frames = frames[..., 0] if kind.startswith("YBR") else np.asarray(frames @ [.299, .587, .114], np.uint8)
            yield name, np.ascontiguousarray(frames)


def moved(picture, rng):
    """Three frames of a picture that moves and is noisy."""
    noise, way = rng.uniform(1, 8), rng.integers(-3, 4, 2)
    return [np.clip(np.roll(picture.astype(float), tuple(way * i), (0, 1)) + rng.normal(0, noise, picture.shape), 0, 255)
            .astype(np.uint8) for i in range(3)]


def planted(frame, rng, faces, height, contrast):
    """The frame with a line, and where its ink is; None where it doesn't fit."""
    face = faces[rng.integers(len(faces))]
    # Capitals are some seven tenths of a font's size.
    mask = full_strength(face.mask(phrases.phrase(rng, face).text, round(height / .7)))
    if mask is None or any(m + 4 >= f for m, f in zip(mask.shape, frame.shape)):
        return None
    mask = mask / 255
    rows, columns = mask.shape
    y, x = rng.integers(2, frame.shape[0] - rows - 2), rng.integers(2, frame.shape[1] - columns - 2)
    result, part = frame.astype(float), (slice(y, y + rows), slice(x, x + columns))
    ground, step = np.median(result[part]), contrast * 2.55
    level = ground + step if ground + step <= 255 and (ground < step or rng.random() < .5) else ground - step
    result[part] += (level - result[part]) * mask
    ink = np.zeros(frame.shape, bool)
    ink[part] = mask > .5
    return np.clip(result, 0, 255).astype(np.uint8), ink


def searched(requests):
    out = subprocess.run([os.path.join(ROOT, ".build/release/quench-bench")], input="\n".join(map(json.dumps, requests)),
                         text=True, stdout=subprocess.PIPE, check=True, env=ENVIRONMENT).stdout
    return [json.loads(line) for line in out.splitlines()]


def is_found(answer, ink):
    covered = np.zeros(ink.shape, bool)
    for x, y, w, h in answer["regions"]:
        covered[max(0, y):max(0, y + h), max(0, x):max(0, x + w)] = True
    return (covered & ink).sum() >= FOUND * ink.sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", os.path.join(ROOT, "../shared/corpus")))
    parser.add_argument("--count", type=int, default=200, help="lines in real cines, and as many in made ones")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    faces = [f for same in unseen.unseen_faces().values() for f in same if not f.path.endswith(".pcf.gz") and f.draws_letters()]
    real = list(real_cines(options.corpus))
    stills = [s.pixels for s in unseen.unseen_pictures(options.corpus) if min(s.pixels.shape) >= 200]
    print(f"{len(real)} real cines, {len(stills)} still pictures, {len(faces)} fonts that training never saw")
    with tempfile.TemporaryDirectory() as folder:
        lines, requests = [], []
        for kind in ("real", "made"):
            for i in range(options.count):
                height, contrast = HEIGHTS[i % len(HEIGHTS)], CONTRASTS[i // len(HEIGHTS) % len(CONTRASTS)]
                if kind == "real":
                    _, frames = real[i % len(real)]
                    at = rng.integers(2, len(frames))
                    frames = list(frames[at - 2:at + 1])
                else:
                    frames = moved(stills[i % len(stills)], rng)
                found = planted(frames[2], rng, faces, height, contrast)
                if found is None:
                    continue
                names = []
                for j, frame in enumerate((*frames, found[0])):
                    names.append(os.path.join(folder, f"{kind}-{i}-{j}.pgm"))
                    Image.fromarray(frame).save(names[-1])
                lines.append((kind, contrast, found[1]))
                for last in names[2:]:
                    requests += [dict(path=names[0]), dict(path=names[1], follows=True), dict(path=last, follows=True),
                                 dict(path=last)]
        answers = searched(requests)
    print("kind  contrast  lines  found alone  of these in the cine  time, cine : alone")
    for kind in ("real", "made"):
        for contrast in (*CONTRASTS, None):
            picked = [i for i, line in enumerate(lines) if line[0] == kind and contrast in (None, line[1])]
            alone = [i for i in picked if is_found(answers[8 * i + 7], lines[i][2])]
            cine = sum(is_found(answers[8 * i + 6], lines[i][2]) for i in alone)
            seconds = [sum(answers[8 * i + k]["seconds"] for i in picked) for k in (2, 3)]
            print(f"{kind}  {f'{contrast} %' if contrast else 'all':>8}  {len(picked):5}  {len(alone):11}  {cine:20}"
                  f"  {seconds[0] / max(seconds[1], 1e-9):.2f}")


if __name__ == "__main__":
    main()
