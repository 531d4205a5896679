"""Files as they really turn up: cut off, misnamed, packed, listed in a DICOMDIR."""

import io
import os
import shutil
import tempfile
import zipfile

import pydicom
from pydicom.fileset import FileSet

from . import encode, mr, people
from .ct import ge_slice


def make(truth):
    broken(truth)
    misnamed(truth)
    odd_folder(truth)
    zipped(truth)
    disc(truth)


def broken(truth):
    """A Series of its own: what is cut off holds what is whole."""
    truth.add("broken/whole.dcm", encode.file_bytes(ge_slice(18, series=7)), "quarantined", "image", people.CHEST,
              note="of the Series of the one that is cut off")
    whole = encode.file_bytes(ge_slice(19, series=7))
    truth.add("broken/cut in the pixels.dcm", whole[:len(whole) * 3 // 5], "quarantined", "image", people.CHEST,
              note="Pixel Data ends early")
    truth.add("broken/cut in the header.dcm", whole[:1500], "quarantined", "image", people.CHEST,
              note="ends within an element of the header")


def misnamed(truth):
    truth.add("notes.dcm", f"Call {people.QUILLFEATHER.comma} on {people.QUILLFEATHER.phone}.\n".encode(), "not-dicom",
              "other", note="a text file")
    truth.add("empty.dcm", b"", "not-dicom", "other", note="no bytes at all")
    ds = mr.slice_(people.ODD, 3, 10, 20, 1800, size=192)
    truth.add("MR_WITHOUT_ENDING", encode.file_bytes(ds, ae_title="QFOBERSTOECK"), "released", "image", people.ODD)
    ds = mr.slice_(people.ODD, 3, 11, 20, 1800, size=192)
    truth.add("raw/bare", encode.file_bytes(ds, encode.IMPLICIT, meta=False), "released", "image", people.ODD,
              note="no preamble, no File Meta Information, implicit VR")


def odd_folder(truth):
    ds = mr.slice_(people.ODD, 3, 12, 20, 1800, size=192)
    truth.add("Kopie von Mühlenbröcker & Söhne (2) #1 100%/Bild 1 ,.v2.JPG", encode.file_bytes(ds), "released",
              "image", people.ODD, note="a DICOM file in spite of its ending")


def zipped(truth):
    """Four slices in an archive, each listed in the truth as archive!member."""
    buffer = io.BytesIO()
    path = f"{people.MUEHLENBROCKER.folder}.zip"
    members = []
    with zipfile.ZipFile(buffer, "w") as archive:
        for index in range(4):
            content = encode.file_bytes(mr.slice_(people.ODD, 5, index, 4, 1900, size=128))
            name = f"export/MÜHLENBRÖCKER/{index + 1:03d}.dcm"
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if index % 2 else zipfile.ZIP_STORED
            archive.writestr(info, content)
            members.append((name, content))
    full = os.path.join(truth.folder, "input", path)
    with open(full, "wb") as file:
        file.write(buffer.getvalue())
    for name, content in members:
        truth.describe(f"{path}!{name}", content, "released", "image", people.ODD, container=path)


def disc(truth):
    """A patient CD: three slices and their DICOMDIR."""
    study = people.KNEE
    with tempfile.TemporaryDirectory() as folder:
        files = FileSet()
        files.ID = "CHIVERSBY_CD"
        files.UID = people.UID_ROOT + ".903.1"
        for index in range(3):
            ds = mr.slice_(study, 9, index, 3, 2000, size=128)
            files.add(pydicom.dcmread(io.BytesIO(encode.file_bytes(ds))))
        files.write(folder, use_existing=False)
        shutil.rmtree(os.path.join(truth.folder, "input", "CD"), ignore_errors=True)
        for base, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                with open(os.path.join(base, name), "rb") as file:
                    content = file.read()
                path = os.path.join("CD", os.path.relpath(os.path.join(base, name), folder))
                if name == "DICOMDIR":
                    truth.add(path, content, "rejected", "directory")
                else:
                    truth.add(path, content, "released", "image", study)
