#!/usr/bin/env python3
"""Damages images of every Transfer Syntax, lets Quench clean them, and looks for what must not be.

    make fuzz COUNT=300 SEED=1

Each input is a cine of two frames with the same made-up name on both. It is cut off, bits are flipped, fragments
are shortened, exchanged, doubled or dropped, offset tables and Number of Frames are falsified, and the Image Pixel Module is.
Then: every input has an outcome; the run ends by itself; no worker crashed or ran into its limits, or the file says so; and no
released file shows the name on a frame, as dcmtk, OpenJPEG and OpenJPH decode it. Prints outcomes by damage and what is wrong.
"""
import argparse
import collections
import csv
import hashlib
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont
from pydicom import _uid_dict
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame, generate_pixel_data_fragment
from pydicom.uid import UID, UltrasoundMultiFrameImageStorage, generate_uid

warnings.simplefilter("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Debian's pydicom doesn't know it.
_uid_dict.UID_dictionary["1.2.840.10008.1.2.4.201"] = ("HTJ2K Lossless", "Transfer Syntax", "", "", "HTJ2KLossless")
NAME = "SPECIMEN WILHELMINA"
ROWS, COLUMNS = 160, 320
NATIVE = {"implicit": "1.2.840.10008.1.2", "explicit": "1.2.840.10008.1.2.1", "big": "1.2.840.10008.1.2.2",
          "deflated": "1.2.840.10008.1.2.1.99"}
CODECS = {"rle": ("1.2.840.10008.1.2.5", ["dcmcrle"]), "jpeg": ("1.2.840.10008.1.2.4.50", ["-grayscale"]),
          "jpeg-optimised": ("1.2.840.10008.1.2.4.50", ["-grayscale", "-optimize", "-restart", "4"]),
          "jpeg-progressive": ("1.2.840.10008.1.2.4.50", ["-grayscale", "-progressive"]),
          "jpeg-colour": ("1.2.840.10008.1.2.4.50", ["-sample", "2x2"]),
          "jpeg-12": ("1.2.840.10008.1.2.4.51", ["dcmcjpeg", "+ee"]),
          "jpeg-lossless": ("1.2.840.10008.1.2.4.57", ["dcmcjpeg", "+el", "+sv", "4"]),
          "jpeg-lossless-1": ("1.2.840.10008.1.2.4.70", ["dcmcjpeg", "+e1"]),
          "jpeg-ls": ("1.2.840.10008.1.2.4.80", ["dcmcjpls", "+el"]),
          "jpeg-ls-near": ("1.2.840.10008.1.2.4.81", ["dcmcjpls", "+en", "+md", "2"]),
          "j2k": ("1.2.840.10008.1.2.4.90", []), "j2k-lossy": ("1.2.840.10008.1.2.4.91", ["-I", "-r", "8"]),
          "htj2k": ("1.2.840.10008.1.2.4.201", [])}


def pictures():
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 20)
    rng = np.random.default_rng(3)
    for frame in range(2):
        noise = np.clip(rng.normal(70 + 10 * frame, 12, (ROWS, COLUMNS)), 0, 255).astype(np.uint8)
        picture = Image.fromarray(noise)
        ImageDraw.Draw(picture).text((20, 60), NAME, fill=250, font=font)
        yield np.asarray(picture)


FRAMES = list(pictures())
TEXT = [frame > 200 for frame in FRAMES]


def header(syntax, bits=8, samples=1):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = UID(syntax)
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = UltrasoundMultiFrameImageStorage
    data.StudyInstanceUID = generate_uid()
    data.PatientID, data.PatientName, data.Modality = "FUZZ", NAME.replace(" ", "^"), "US"
    data.NumberOfFrames, data.Rows, data.Columns, data.SamplesPerPixel = 2, ROWS, COLUMNS, samples
    data.PhotometricInterpretation = "MONOCHROME2" if samples == 1 else "YBR_FULL_422"
    if samples > 1:
        data.PlanarConfiguration = 0
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = (8, 8, 7, 0) if bits == 8 else (16, 12, 11, 0)
    data.is_little_endian, data.is_implicit_VR = True, False
    return data


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def encoded(picture, program, options, suffix):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "in.ppm" if picture.ndim == 3 else "in.pgm")
        target = os.path.join(folder, "out" + suffix)
        Image.fromarray(picture).save(source)
        flags = ["-quality", "90", "-outfile", target, *options, source] if program == "cjpeg" else ["-i", source, "-o", target, *options]
        subprocess.run([program, *flags], check=True, stdout=subprocess.DEVNULL)
        return read(target)


def streams(kind):
    options = CODECS[kind][1]
    colour = kind == "jpeg-colour"
    frames = [np.repeat(f[..., None], 3, 2) if colour else f for f in FRAMES]
    if kind.startswith("jpeg") and options[0].startswith("-"):
        return [encoded(f, "cjpeg", options, ".jpg") for f in frames]
    if kind == "htj2k":
        return [encoded(f, "ojph_compress", ["-reversible", "true"], ".j2c") for f in frames]
    if kind.startswith("j2k"):
        return [encoded(f, "opj_compress", options, ".j2k") for f in frames]
    bits = 12 if kind == "jpeg-12" else 8
    data = header(NATIVE["explicit"], bits)
    pixels = [f.astype(np.uint16) * 16 if bits == 12 else f for f in frames]
    data.PixelData = b"".join(p.tobytes() for p in pixels)
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.SeriesInstanceUID = generate_uid()
    with tempfile.TemporaryDirectory() as folder:
        data.save_as(folder + "/n", write_like_original=False)
        subprocess.run([*options, folder + "/n", folder + "/c"], check=True)
        return [bytes(s) for s in generate_pixel_data_frame(pydicom.dcmread(folder + "/c").PixelData, 2)]


def fragments(items, table=None):
    """The value of encapsulated Pixel Data: any items, any table."""
    out = b"\xfe\xff\x00\xe0" + len(table or b"").to_bytes(4, "little") + (table or b"")
    for item in items:
        out += b"\xfe\xff\x00\xe0" + len(item).to_bytes(4, "little") + item
    return out


def even(stream):
    return stream + b"\0" * (len(stream) % 2)


def flipped(data, rng, start=0):
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        place = rng.randrange(min(start, len(out) - 1), len(out))
        out[place] ^= 1 << rng.randrange(8)
    return bytes(out)


HEADER = {"Rows": (ROWS - 1, ROWS + 1, ROWS // 2, 0, 65535), "Columns": (COLUMNS - 1, COLUMNS + 1, COLUMNS // 2, 0, 65535),
          "BitsAllocated": (1, 8, 16, 32, 12), "BitsStored": (1, 8, 12, 16, 0), "HighBit": (0, 7, 15), "PixelRepresentation": (1, 7),
          "SamplesPerPixel": (1, 3, 4, 0), "NumberOfFrames": (0, 1, 3, 4, 5000, 2**31 - 1),
          "PhotometricInterpretation": ("MONOCHROME1", "RGB", "PALETTE COLOR", "YBR_FULL", "YBR_RCT", "NONE")}
KINDS = ["cut", "flip", "flip-header", "attribute", "shorten", "exchange", "double", "drop", "table", "lengths", "behind"]


def damaged(kind, damage, items, rng):
    """The bytes of a damaged file."""
    syntax = NATIVE[kind] if kind in NATIVE else CODECS[kind][0]
    data = header(syntax, 12 if kind == "jpeg-12" else 8, 3 if kind == "jpeg-colour" else 1)
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.SeriesInstanceUID = generate_uid()
    data.is_little_endian, data.is_implicit_VR = kind != "big", kind == "implicit"
    if damage == "attribute":
        name = rng.choice(sorted(HEADER))
        setattr(data, name, rng.choice(HEADER[name]))
    if kind in NATIVE:
        value = b"".join(f.tobytes() for f in FRAMES)
        if damage == "shorten":
            value = value[:rng.randrange(0, len(value), 2)]
        elif damage in ("double", "behind"):
            value += value[:rng.randrange(2, len(value), 2)]
        data.PixelData = value
        data["PixelData"].VR = "OB" if kind != "implicit" else "OW"
    else:
        items, table = [even(i) for i in items], None
        if rng.random() < .5 or damage == "table":
            offsets = [0, len(items[0]) + 8]
            if damage == "table":
                offsets = rng.choice(([0, 0], [offsets[1], 0], [0], [0, 8], [0, offsets[1] + 2], [0, offsets[1], 2 * offsets[1]], [4, 12]))
            table = b"".join(o.to_bytes(4, "little") for o in offsets)
        which = rng.randrange(2)
        if damage == "shorten":
            items[which] = items[which][:rng.randrange(0, len(items[which]), 2)]
        elif damage == "flip":
            items[which] = flipped(items[which], rng, rng.choice((0, 0, 100)))
        elif damage == "exchange":
            half = len(items[0]) // 4 * 2
            items = [items[0][:half], items[1], items[0][half:]]
        elif damage == "double":
            items.insert(which, items[which])
        elif damage == "drop":
            items.pop(which)
        elif damage == "behind":
            items[which] += items[1 - which]
        data.PixelData = fragments(items, table)
        data["PixelData"].VR = "OB"
        data["PixelData"].is_undefined_length = True
    target = io.BytesIO()
    pydicom.dcmwrite(target, data, write_like_original=False)
    content = target.getvalue()
    if damage == "cut":
        content = content[:rng.randrange(len(content) // 8, len(content))]
    elif damage == "flip-header" or damage == "flip" and kind in NATIVE:
        end = len(content) if kind in NATIVE else 1400
        content = flipped(content[:end], rng, 132) + content[end:]
    elif damage == "lengths":
        place = content.find(b"\xe0\x7f\x10\x00") + rng.choice((8, 16, 24))
        content = content[:place] + rng.randrange(2**32).to_bytes(4, "little") + content[place + 4:]
    return content


def decoded(path):
    """Frames as other programs show them; an empty list where they can't."""
    data = pydicom.dcmread(path)
    syntax = str(data.file_meta.TransferSyntaxUID)
    with tempfile.TemporaryDirectory() as folder:
        out = folder + "/n"
        if syntax.startswith("1.2.840.10008.1.2.4.20"):
            frames = []
            for stream in generate_pixel_data_fragment(data.PixelData[8 + int.from_bytes(data.PixelData[4:8], "little"):]):
                write(folder + "/s.j2c", stream)
                if subprocess.run(["ojph_expand", "-i", folder + "/s.j2c", "-o", folder + "/s.pgm"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode:
                    continue
                frames.append(np.asarray(Image.open(folder + "/s.pgm")))
            return frames
        program = {"5": ["dcmdrle"], "80": ["dcmdjpls"], "81": ["dcmdjpls"]}.get(syntax.split(".")[-1], ["dcmdjpeg", "+cn"])
        if syntax in NATIVE.values() or syntax.split(".")[-1] in ("90", "91"):
            out = path
        elif subprocess.run([*program, path, out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return []
        data = pydicom.dcmread(out)
        try:
            pixels = data.pixel_array
        except Exception:
            return []
        frames = int(data.get("NumberOfFrames", 1) or 1)
        shape = (frames, data.Rows, data.Columns, data.SamplesPerPixel)
        return [f[..., 0] for f in pixels.reshape(shape)]


def shows_name(frames):
    """Whether a frame still has the name where it was, brighter than what is around."""
    for frame in frames:
        if frame.shape != (ROWS, COLUMNS):
            continue
        values = frame.astype(float)
        for text in TEXT:
            box = np.zeros_like(text)
            box[50:95, 10:310] = True
            around = values[box & ~text]
            if abs(np.median(values[text]) - np.median(around)) > 4 * around.std() + 3:
                return True
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build/release/quench"))
    parser.add_argument("--keep", help="a folder for inputs that go wrong")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    kinds = list(NATIVE) + list(CODECS)
    samples = {kind: [] if kind in NATIVE else streams(kind) for kind in kinds}
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        os.mkdir(folder + "/in")
        names = {}
        for number in range(options.count):
            kind, damage = kinds[number % len(kinds)], rng.choice(KINDS)
            content = damaged(kind, damage, samples[kind], rng)
            names[hashlib.sha256(content).hexdigest()] = (kind, damage, number)
            write(f"{folder}/in/{number:05}.dcm", content)
        write(folder + "/policy.yaml",
              b"version: 1\nquarantine:\n  hold: instance\nlimits:\n  seconds-per-file: 60\n  seconds-per-frame: 5\n")
        run = subprocess.run([options.binary, "clean", folder + "/in", "--output", folder + "/out", "--policy", folder + "/policy.yaml"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        # What is wrong, with the input's number where one is to blame; and whether it fails the run.
        problems = [] if run.returncode in (0, 3) else [(None, f"exit status {run.returncode}: {run.stderr[-300:]}", True)]
        outcomes, reasons = collections.Counter(), collections.Counter()
        with open(folder + "/out/report/instances.csv") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            kind, damage, number = names[row["source_sha256"]]
            outcomes[(damage, row["decision"])] += 1
            for reason in row["reasons"].split():
                reasons[reason] += 1
                if reason.startswith("worker-") or reason.startswith("verification-"):
                    problems.append((number, f"{kind}, {damage}: {reason}", False))
            if row["released_path"] and shows_name(decoded(os.path.join(folder, "out", row["released_path"]))):
                problems.append((number, f"{kind}, {damage}: the name is RELEASED", True))
        if len(rows) != len(names):
            problems.append((None, f"{len(names)} inputs, {len(rows)} outcomes", True))
        for (damage, decision), count in sorted(outcomes.items()):
            print(f"{damage:12} {decision:16} {count}")
        print(", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
        for number, problem, _ in problems:
            print(problem if number is None else f"{number}: {problem}")
            if options.keep and number is not None:
                os.makedirs(options.keep, exist_ok=True)
                shutil.copy(f"{folder}/in/{number:05}.dcm", options.keep)
        sys.exit(any(fails for _, _, fails in problems))


if __name__ == "__main__":
    main()
