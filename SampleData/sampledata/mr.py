"""MR: clean series, text in overlay planes, text in the bits that Pixel Data doesn't use."""

import numpy as np

from . import encode, headers, people, phantoms, private
from .canvas import Canvas


def make(truth):
    clean_series(truth)
    overlay(truth)
    overlay_with_origin(truth)
    embedded_overlay(truth)
    stray_bits(truth)


def slice_(study, series, index, count, seed, vendor=headers.SIEMENS_MR, description="t2_tse_tra_512", size=256):
    ds = headers.new(headers.MR, study, series, index + 1, "MR", vendor, description,
                     ["ORIGINAL", "PRIMARY", "M", "NORM", "DIS2D"])
    headers.image(ds, study, phantoms.head(seed, index, count, size).astype(np.uint16), bits=12)
    headers.plane(ds, study, -40 + 5.5 * index, 230 / size, 5, size)
    headers.mr(ds)
    headers.window(ds, 560, 1240)
    if vendor is headers.SIEMENS_MR:
        private.siemens_mr(ds, study)
    else:
        private.philips(ds, study)
    return ds


def clean_series(truth):
    study = people.KNEE
    syntaxes = {3: encode.DEFLATED, 4: encode.BIG_ENDIAN, 5: encode.IMPLICIT}
    for index in range(20):
        ds = slice_(study, 4, index, 20, 1300, headers.PHILIPS_MR, "T2W_TSE 4mm")
        syntax = syntaxes.get(index, encode.EXPLICIT)
        if syntax == encode.BIG_ENDIAN:
            ds.PixelData = np.frombuffer(ds.PixelData, "<u2").astype(">u2").tobytes()
        truth.add(
    f"{study.patient.folder}/T2W/IM_{index + 1:04d}",
    encode.file_bytes(
        ds,
        syntax,
        ae_title="QFEASTMERE"),
        "released",
        "image",
         study)


def plane_bits(shape):
    return Canvas(np.zeros(shape, np.uint8), source="overlay")


def packed(bits: np.ndarray) -> bytes:
    """Overlay Data: one bit a pixel, the first in the lowest bit (PS3.5 8.1.2), even length."""
    data = np.packbits((bits > 0).ravel(), bitorder="little").tobytes()
    return data + b"\0" * (len(data) % 2)


def overlay_module(ds, rows, columns, origin, data=None, bit=0, allocated=1, group=0x6000):
    ds.add_new((group, 0x0010), "US", rows)
    ds.add_new((group, 0x0011), "US", columns)
    ds.add_new((group, 0x0022), "LO", "Annotations of Dr TANGERFIELD")
    ds.add_new((group, 0x0040), "CS", "G")
    ds.add_new((group, 0x0050), "SS", origin)
    ds.add_new((group, 0x0100), "US", allocated)
    ds.add_new((group, 0x0102), "US", bit)
    if data is not None:
        ds.add_new((group, 0x3000), "OW", data)


def overlay(truth):
    study = people.BRAIN
    patient = study.patient
    ds = slice_(study, 2, 8, 20, 1400)
    plane = plane_bits((256, 256))
    for x, y, text, kind in [(6, 4, patient.comma, "name"), (6, 20, patient.id, "id"),
                             (6, 226, people.dots(study.date), "date"), (6, 240, study.site.name, "inst")]:
        plane.text(x, y, text, kind, font="sans", size=11, value=1, smooth=False)
    overlay_module(ds, 256, 256, [1, 1], packed(plane.pixels))
    truth.add(f"{patient.folder}/overlay/{study.series_uid(2)}.9.IMA", encode.file_bytes(ds, ae_title="QFEASTMERE"),
              "released-masked", "image", study, plane.items)


def overlay_with_origin(truth):
    """Two groups; the second plane is smaller than the image and begins at row 101, column 41."""
    study = people.BRAIN
    patient = study.patient
    ds = slice_(study, 2, 9, 20, 1400)
    whole, part = plane_bits((256, 256)), plane_bits((60, 180))
    whole.text(6, 236, f"ACC {study.accession}", "id", font="sans", size=12, value=1, smooth=False)
    for y, text, kind in [(6, patient.parts[0], "name"), (26, f"*{people.dots(patient.birth)}", "dob")]:
        part.text(4, y, text, kind, font="sans", size=12, value=1, smooth=False, origin=(40, 100))
    overlay_module(ds, 256, 256, [1, 1], packed(whole.pixels))
    overlay_module(ds, 60, 180, [101, 41], packed(part.pixels), group=0x6002)
    truth.add(f"{patient.folder}/overlay/{study.series_uid(2)}.10.IMA", encode.file_bytes(ds, ae_title="QFEASTMERE"),
              "released-masked", "image", study, whole.items + part.items)


def high_bits(ds, plane, bit):
    words = np.frombuffer(ds.PixelData, "<u2").copy()
    words |= ((plane.pixels.ravel() > 0).astype(np.uint16) << bit)
    ds.PixelData = words.astype("<u2").tobytes()


def embedded_overlay(truth):
    """The retired form: overlay bits in bit 12 of Pixel Data, described by group 6000."""
    study = people.SPINE
    patient = study.patient
    ds = slice_(study, 2, 6, 20, 1500)
    plane = Canvas(np.zeros((256, 256), np.uint8), source="unused-bits")
    for x, y, text, kind in [(8, 6, patient.comma, "name"), (8, 22, patient.id, "id"),
                             (8, 236, people.slashes(study.date), "date")]:
        plane.text(x, y, text, kind, font="sans", size=12, value=1, smooth=False)
    high_bits(ds, plane, 12)
    overlay_module(ds, 256, 256, [1, 1], bit=12, allocated=16)
    truth.add(f"{patient.folder}/orbits/1.dcm", encode.file_bytes(ds, ae_title="QFEASTMERE"),
              "released-masked", "image", study, plane.items, note="embedded overlay in bit 12")


def stray_bits(truth):
    """Text in bits 14 and 15 that nothing in the header speaks of."""
    study = people.SPINE
    patient = study.patient
    ds = slice_(study, 2, 7, 20, 1500)
    items = []
    for bit, y, text, kind in [(14, 12, patient.comma, "name"),
                                (15, 200, f"DOB {people.day_month_name(patient.birth)}", "dob")]:
        plane = Canvas(np.zeros((256, 256), np.uint8), source="unused-bits")
        plane.text(12, y, text, kind, font="sans", size=13, value=1, smooth=False)
        high_bits(ds, plane, bit)
        items += [dict(item, bit=bit) for item in plane.items]
    truth.add(f"{patient.folder}/orbits/2.dcm", encode.file_bytes(ds, ae_title="QFEASTMERE"),
              "released-masked", "image", study, items, note="text in bits 14 and 15, no overlay group")
