#!/usr/bin/env python3
"""Judges masked files with pydicom and numpy: none of Quench's code.

Reads a list of cases as JSON from standard input, prints for each a list of what is wrong, as JSON. A case:

  before, after      files that pydicom can decode: the input and the masked file, through another program where need be
  original, masked   the files themselves
  untouched          the same object redacted without a region
  regions            per masked frame (counted from 0) boxes [x, y, width, height], as masking reported them
  fill               per channel the stored value that is black, or "min" / "max" of the frame before; empty for a real
                     file, where any value will do that is the same everywhere and seen to be black
  tolerance          how far a lossy decoder may be from the fill
  ring               how many pixels from the border of a box colour differences are left out (subsampled chroma)
  bits               stored bits to compare, where others may have been cleared
  rounding           how far two decoders of an irreversible wavelet may be apart
  syntax             what the masked file has to be encoded in
  term               the Photometric Interpretation of a stream whose header says another one

A real file whose input can't be decoded gets the problem "not judged".
"""
import json
import sys
import warnings

import numpy as np
import pydicom
from pydicom.encaps import generate_pixel_data_frame
from pydicom.pixel_data_handlers.util import apply_color_lut, apply_modality_lut, apply_voi_lut, convert_color_space

warnings.simplefilter("ignore")


def read(path):
    """A Data Set without the empty Attributes that pydicom's tables trip over."""
    data = pydicom.dcmread(path)
    lookups = ("ModalityLUTSequence", "VOILUTSequence")
    for keyword in lookups + ("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept"):
        value = data.get(keyword)
        if keyword in data and (value in (None, "", []) or keyword in lookups and not value[0].get("LUTDescriptor")):
            delattr(data, keyword)
    return data


def frames(data):
    array = data.pixel_array
    count = int(data.get("NumberOfFrames", 1) or 1)
    return array.reshape(count, data.Rows, data.Columns, data.SamplesPerPixel)


def places(shape, boxes, ring):
    """Which pixels lie inside, and which next to a border."""
    inside, near = np.zeros(shape, bool), np.zeros(shape, bool)
    for x, y, width, height in boxes:
        inside[y:y + height, x:x + width] = True
    for x, y, width, height in boxes if ring else []:
        outer = np.zeros(shape, bool)
        outer[max(0, y - ring):y + height + ring, max(0, x - ring):x + width + ring] = True
        outer[y + ring:y + height - ring, x + ring:x + width - ring] = False
        near |= outer
    return inside, near


def shown(data, frame):
    """How bright each pixel is on a screen, dark first."""
    term = data.PhotometricInterpretation
    if term == "PALETTE COLOR":
        return apply_color_lut(frame[..., 0], data).astype(int).sum(-1)
    if term.startswith("YBR_FULL"):
        eight = (frame >> max(0, data.BitsStored - 8)).astype(np.uint8)
        return convert_color_space(eight, "YBR_FULL", "RGB").astype(int).max(-1)
    if frame.shape[-1] == 3:
        return frame.astype(np.int64).max(-1)
    grey = frame[..., 0]
    if grey.dtype.kind == "f":
        grey = np.where(np.isfinite(grey), grey, grey[np.isfinite(grey)].mean())
    else:
        grey = grey.astype(np.int64)
    return -grey if term == "MONOCHROME1" else grey


def extended(data, values):
    """The sign of fewer bits than are allocated, which pydicom leaves to its users."""
    if values.dtype.kind != "i":
        return values
    unused = 8 * values.itemsize - data.HighBit - 1
    return values << unused >> unused


def windows(data):
    """How many windows or VOI LUTs a header has; one where it has none, which shows what is stored."""
    widths = data.get("WindowWidth")
    count = 0 if widths in (None, "") else len(widths) if isinstance(widths, pydicom.multival.MultiValue) else 1
    return max(count, len(data.get("VOILUTSequence") or []), 1)


def windows_are_valid(data):
    """Whether there is something to apply, of a width that PS3.3 C.11.2.1.2 allows."""
    widths = np.atleast_1d(np.array(data.get("WindowWidth") or [], float))
    return bool(data.get("VOILUTSequence")) or len(widths) > 0 and widths.min() >= 1


def shown_by(data, window, values):
    """How bright grey values are under a window of the header, dark first."""
    bright = apply_modality_lut(values, data)
    if windows_are_valid(data):
        bright = apply_voi_lut(bright, data, window)
    bright = np.asarray(bright, float)
    return -bright if data.PhotometricInterpretation == "MONOCHROME1" else bright


def is_darkest(case, data, new, core):
    """Whether nothing in a grey picture is darker than its core under any window, but for a decoder's tolerance."""
    grey = new[..., 0]
    info = np.iinfo(grey.dtype)
    for window in range(windows(data)):
        bright = shown_by(data, window, grey)
        darkest = int(grey.flat[bright.argmin()])
        near = [min(max(darkest + step, info.min), info.max) for step in (-case["tolerance"], 0, case["tolerance"])]
        if bright[core].max() > shown_by(data, window, np.array(near, grey.dtype)).max():
            return False
    return True


def pixels(data):
    """The value of Pixel Data of any kind."""
    tag = next(tag for tag in (0x7FE00010, 0x7FE00008, 0x7FE00009) if tag in data)
    return data[tag].value


def differs(case, old, new):
    """Where samples differ: float values by their bits, since NaN equals nothing."""
    if old.dtype.kind == "f":
        return old.view(f"u{old.itemsize}") != new.view(f"u{new.itemsize}")
    return np.abs(old.astype(np.int64) - new.astype(np.int64)) > case["rounding"]


def fills(case, old, new, inside):
    if not case["fill"]:
        return [new[..., channel][inside].max() for channel in range(new.shape[-1])]
    used = old[np.isfinite(old)]
    ends = {"min": used.min(), "max": used.max()}
    return [ends.get(value, value) for value in case["fill"]]


def judge_frame(case, data, old, new, boxes):
    problems = []
    inside, near = places(old.shape[:2], boxes, case["ring"])
    filled = extended(data, new)
    for channel, fill in enumerate(fills(case, extended(data, old), filled, inside & ~near)):
        here, there = new[..., channel], old[..., channel]
        if here.dtype.kind != "f":
            here, there, fill = here.astype(np.int64), there.astype(np.int64), int(fill)
        skipped = near if channel else np.zeros_like(near)
        box = filled[..., channel] if here.dtype.kind == "f" else filled[..., channel].astype(np.int64)
        if not (np.abs(box[inside & ~skipped] - fill) <= case["tolerance"]).all():
            problems.append(f"channel {channel} isn't {fill} inside")
        if differs(case, there, here)[~inside & ~skipped].any():
            problems.append(f"channel {channel} changed outside")
    core = inside & ~near
    if not case["fill"] and data.PhotometricInterpretation.startswith("MONOCHROME") and new.dtype.kind != "f":
        return problems if is_darkest(case, data, filled, core) else problems + ["what is inside isn't the darkest"]
    bright = shown(data, filled)
    if data.PhotometricInterpretation == "PALETTE COLOR" or data.SamplesPerPixel == 1:
        # As dark as anything that the picture shows.
        if bright[core].max() > bright.min() + case["tolerance"]:
            problems.append("what is inside isn't the darkest")
    elif bright[core].max() > 3 * case["tolerance"]:
        problems.append("what is inside isn't black")
    return problems


def is_encapsulated(syntax):
    """pydicom of Debian doesn't know Deflated Image Frame Compression."""
    return syntax == "1.2.840.10008.1.2.8.1" or syntax.is_encapsulated


def streams(path):
    data = pydicom.dcmread(path)
    return list(generate_pixel_data_frame(data.PixelData, int(data.get("NumberOfFrames", 1) or 1)))


def judge(case):
    problems = []
    if not case["fill"]:
        try:
            frames(pydicom.dcmread(case["before"]))
        except Exception:
            return ["not judged"]
    before, after = pydicom.dcmread(case["before"]), read(case["after"])
    after.PhotometricInterpretation = case["term"] or after.PhotometricInterpretation
    original, masked = pydicom.dcmread(case["original"]), pydicom.dcmread(case["masked"])
    if case["syntax"] != masked.file_meta.TransferSyntaxUID:
        problems.append("another Transfer Syntax")
    kept = original.file_meta.TransferSyntaxUID == masked.file_meta.TransferSyntaxUID
    if pixels(original) != pixels(pydicom.dcmread(case["untouched"])):
        problems.append("Pixel Data without a region isn't the same byte for byte")
    if any(element.tag.group & 0xFF00 == 0x6000 for element in masked):
        problems.append("overlays are left")
    old, new = frames(before), frames(after)
    if old.shape != new.shape:
        return problems + ["another shape"]
    if case["bits"]:
        # In signed images they are the sign.
        if before.PixelRepresentation == 0 and (new.astype(np.int64) & ~case["bits"]).any():
            problems.append("unused bits are set")
        old, new = old & case["bits"], new & case["bits"]
    for index in range(len(old)):
        boxes = case["regions"].get(str(index))
        if boxes:
            problems += judge_frame(case, after, old[index], new[index], boxes)
        elif differs(case, old[index], new[index]).any():
            problems.append(f"frame {index} has no region and changed")
    if kept and is_encapsulated(original.file_meta.TransferSyntaxUID) and not case["bits"]:
        for index, (left, right) in enumerate(zip(streams(case["original"]), streams(case["masked"]))):
            if str(index) not in case["regions"] and left != right:
                problems.append(f"frame {index} has no region and another stream")
    return problems


def attempt(case):
    try:
        return judge(case)
    except Exception as error:  # what can't be judged isn't proven
        return [f"{type(error).__name__}: {error}"]


print(json.dumps([attempt(case) for case in json.load(sys.stdin)]))
