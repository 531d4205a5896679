"""Reads DICOM pixels by pydicom and by decoders other than Quench's: dcmtk, OpenJPEG, Pillow."""

import io
import os
import subprocess
import tempfile

import numpy as np
import pydicom
from PIL import Image
from pydicom.encaps import generate_pixel_data_frame

from . import encode

DCMTK_DECODERS = {
    encode.RLE: "dcmdrle", encode.JPEG_EXTENDED: "dcmdjpeg", encode.JPEG_LOSSLESS: "dcmdjpeg",
    "1.2.840.10008.1.2.4.57": "dcmdjpeg", encode.JPEG_LS: "dcmdjpls", encode.JPEG_LS_NEAR: "dcmdjpls"}


def dataset(path):
    return pydicom.dcmread(path, force=True)


def transfer_syntax(ds) -> str:
    meta = getattr(ds, "file_meta", None)
    return str(meta.TransferSyntaxUID) if meta is not None and "TransferSyntaxUID" in meta else encode.IMPLICIT


def native(ds, big_endian=False) -> np.ndarray:
    """Frames of stored words, (frames, rows, columns[, samples]), colour always interleaved."""
    count, rows, columns = int(ds.get("NumberOfFrames", 1) or 1), ds.Rows, ds.Columns
    samples, kind = ds.SamplesPerPixel, f"{'>' if big_endian else '<'}u{ds.BitsAllocated // 8}"
    size = count * rows * columns * samples
    words = np.frombuffer(ds.PixelData, kind, count=size).astype(f"u{ds.BitsAllocated // 8}")
    if samples == 1:
        return words.reshape(count, rows, columns)
    if ds.get("PlanarConfiguration", 0) == 1:
        return words.reshape(count, samples, rows, columns).transpose(0, 2, 3, 1)
    return words.reshape(count, rows, columns, samples)


def _by_openjpeg(stream: bytes, ds) -> np.ndarray:
    suffix = "jp2" if stream[4:8] == b"jP  " else "j2k"
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a." + suffix), os.path.join(folder, "b.rawl")
        with open(source, "wb") as file:
            file.write(stream)
        subprocess.run(["opj_decompress", "-i", source, "-o", target], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        words = np.fromfile(target, np.uint8 if ds.BitsStored <= 8 else "<u2")
    if ds.SamplesPerPixel == 1:
        return words.reshape(ds.Rows, ds.Columns)
    return words.reshape(3, ds.Rows, ds.Columns).transpose(1, 2, 0)


def _by_pillow(stream: bytes) -> np.ndarray:
    """YCbCr as it stands in the stream: no conversion to RGB."""
    image = Image.open(io.BytesIO(stream))
    if image.mode == "RGB":
        image.draft("YCbCr", image.size)
    return np.asarray(image)


def decoded_frames(path):
    """The data set and its frames of stored words; JPEG Baseline colour comes as YCbCr."""
    ds = dataset(path)
    syntax = transfer_syntax(ds)
    if syntax in DCMTK_DECODERS:
        with tempfile.TemporaryDirectory() as folder:
            target = os.path.join(folder, "native.dcm")
            # +px keeps colours as they are; dcmdrle and dcmdjpls have no such option and never change them.
            command = [DCMTK_DECODERS[syntax]] + (["--conv-never"] if "dcmdjpeg" in DCMTK_DECODERS[syntax] else [])
            subprocess.run(command + [path, target], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            return ds, native(pydicom.dcmread(target))
    if not pydicom.uid.UID(syntax).is_encapsulated:
        return ds, native(ds, syntax == encode.BIG_ENDIAN)
    streams = generate_pixel_data_frame(ds.PixelData, int(ds.get("NumberOfFrames", 1) or 1))
    if syntax in (encode.J2K_REVERSIBLE, encode.J2K):
        return ds, np.stack([_by_openjpeg(stream, ds) for stream in streams])
    if syntax == encode.JPEG_BASELINE:
        return ds, np.stack([_by_pillow(stream) for stream in streams])
    raise ValueError("no decoder for " + syntax)


def stored_values(ds, frame: np.ndarray) -> np.ndarray:
    """What the stored bits say: unused bits cleared, sign extended."""
    shift = ds.HighBit + 1 - ds.BitsStored
    values = (frame.astype(np.int64) >> shift) & ((1 << ds.BitsStored) - 1)
    if ds.PixelRepresentation == 1:
        values -= (values >> (ds.BitsStored - 1)) << ds.BitsStored
    return values


def unused_bits(ds, frame: np.ndarray) -> np.ndarray:
    low = ds.HighBit + 1 - ds.BitsStored
    mask = ((1 << ds.BitsStored) - 1) << low
    return frame.astype(np.int64) & ~mask & ((1 << ds.BitsAllocated) - 1)


def overlay_planes(ds):
    """Overlay Data moved to the image's corner: (group, mask of the image's size)."""
    for group in range(0x6000, 0x6020, 2):
        if (group, 0x3000) not in ds:
            continue
        rows, columns = ds[group, 0x0010].value, ds[group, 0x0011].value
        top, left = [int(v) - 1 for v in ds[group, 0x0050].value]
        bits = np.unpackbits(np.frombuffer(ds[group, 0x3000].value, np.uint8), bitorder="little")
        mask = np.zeros((ds.Rows, ds.Columns), np.uint8)
        part = bits[:rows * columns].reshape(rows, columns)[:ds.Rows - top, :ds.Columns - left]
        mask[top:top + part.shape[0], left:left + part.shape[1]] = part
        yield group, mask


def planes(ds, frame):
    """Everything besides the stored values that shows: overlays and unused bits."""
    found = [mask for _, mask in overlay_planes(ds)]
    if frame.ndim == 2:
        found.append((unused_bits(ds, frame) > 0).astype(np.uint8))
    return found


def display(ds, frame: np.ndarray) -> np.ndarray:
    """RGB of 8 bits by the data's own range; MONOCHROME1 inverted, palettes applied."""
    photometric = ds.PhotometricInterpretation
    if photometric.startswith("YBR_FULL"):
        return np.asarray(Image.fromarray(frame.astype(np.uint8), "YCbCr").convert("RGB")).copy()
    if frame.ndim == 3:
        return frame.astype(np.uint8).copy()
    if photometric == "PALETTE COLOR":
        tables = [np.frombuffer(ds[f"{c}PaletteColorLookupTableData"].value, "<u2") for c in ("Red", "Green", "Blue")]
        return np.stack([(table >> 8)[frame] for table in tables], axis=2).astype(np.uint8)
    values = stored_values(ds, frame)
    low, high = int(values.min()), int(values.max())
    grey = ((values - low) * 255 // max(1, high - low)).astype(np.uint8)
    if photometric == "MONOCHROME1":
        grey = 255 - grey
    return np.repeat(grey[:, :, None], 3, axis=2)
