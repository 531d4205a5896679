"""Files written byte for byte the same each time, and frames encoded by tools other than Quench."""

import io
import os
import subprocess
import tempfile

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame
from pydicom.uid import UID

from . import people

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
J2K_REVERSIBLE = "1.2.840.10008.1.2.4.90"
J2K = "1.2.840.10008.1.2.4.91"
RLE = "1.2.840.10008.1.2.5"

DCMTK_ENCODERS = {
    JPEG_EXTENDED: ["dcmcjpeg", "+ee", "+q", "92", "--uid-never"],
    JPEG_LOSSLESS: ["dcmcjpeg", "+e1"],
    JPEG_LS: ["dcmcjpls", "+el"],
    JPEG_LS_NEAR: ["dcmcjpls", "+en", "+md", "2", "--uid-never"],
    RLE: ["dcmcrle"],
}


def file_bytes(ds: Dataset, transfer_syntax: str = EXPLICIT, preamble: bytes = None, ae_title="QFNORTHVALE_CT1",
               meta: bool = True) -> bytes:
    """The data set as a DICOM file, or without preamble and File Meta Information."""
    ds.is_little_endian = transfer_syntax != BIG_ENDIAN
    ds.is_implicit_VR = transfer_syntax == IMPLICIT
    buffer = io.BytesIO()
    if not meta:
        pydicom.dcmwrite(buffer, ds, write_like_original=True)
        return buffer.getvalue()
    info = FileMetaDataset()
    info.FileMetaInformationVersion = b"\0\1"
    info.MediaStorageSOPClassUID = ds.SOPClassUID
    info.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    info.TransferSyntaxUID = UID(transfer_syntax)
    info.ImplementationClassUID = people.IMPLEMENTATION_UID
    info.ImplementationVersionName = "QUENCHSAMPLE_1"
    info.SourceApplicationEntityTitle = ae_title
    ds.file_meta = info
    ds.preamble = (preamble or b"").ljust(128, b"\0")
    pydicom.dcmwrite(buffer, ds, write_like_original=False)
    return buffer.getvalue()


def run(command):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {done.stdout.strip()}")


def set_frames(ds: Dataset, frames, offset_table: bool = True):
    ds.PixelData = encapsulate(frames, has_bot=offset_table)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True


def by_dcmtk(ds: Dataset, transfer_syntax: str) -> bytes:
    """Native Pixel Data encoded by dcmtk; only its frames and Photometric Interpretation are taken over."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.dcm"), os.path.join(folder, "b.dcm")
        with open(source, "wb") as file:
            file.write(file_bytes(ds))
        run(DCMTK_ENCODERS[transfer_syntax] + [source, target])
        encoded = pydicom.dcmread(target)
        frames = list(generate_pixel_data_frame(encoded.PixelData, int(ds.get("NumberOfFrames", 1))))
        ds.PhotometricInterpretation = encoded.PhotometricInterpretation
        if "PlanarConfiguration" in encoded:
            ds.PlanarConfiguration = encoded.PlanarConfiguration
    set_frames(ds, frames)
    return file_bytes(ds, transfer_syntax)


def by_openjpeg(ds: Dataset, pixels: np.ndarray, transfer_syntax: str, comment: str = None) -> bytes:
    """One frame as a JPEG 2000 codestream by opj_compress; colour with the reversible transform."""
    rows, columns = pixels.shape[:2]
    samples = 3 if pixels.ndim == 3 else 1
    planes = pixels.transpose(2, 0, 1) if samples == 3 else pixels
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "a.rawl"), os.path.join(folder, "b.j2k")
        planes.astype(pixels.dtype.newbyteorder("<")).tofile(source)
        geometry = f"{columns},{rows},{samples},{ds.BitsStored},{'s' if ds.PixelRepresentation else 'u'}"
        command = ["opj_compress", "-i", source, "-o", target, "-F", geometry, "-n", "5"]
        command += ["-mct", "1"] if samples == 3 else []
        command += ["-r", "8", "-I"] if transfer_syntax == J2K else []
        command += ["-C", comment] if comment else []
        run(command)
        with open(target, "rb") as file:
            stream = file.read()
    set_frames(ds, [stream])
    if samples == 3:
        ds.PhotometricInterpretation = "YBR_ICT" if transfer_syntax == J2K else "YBR_RCT"
    return file_bytes(ds, transfer_syntax)


def jpeg_baseline(rgb: np.ndarray, quality: int = 84, comment: bytes = None) -> bytes:
    """A JPEG Baseline 4:2:2 stream; Pillow's JFIF segment stays, as in many a cine."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality, subsampling="4:2:2")
    stream = buffer.getvalue()
    if comment:
        stream = stream[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + stream[2:]
    return stream
