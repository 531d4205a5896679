"""Projection X-ray: a MONOCHROME1 radiograph, and one picture for each further compressed Transfer Syntax."""

import numpy as np

from . import encode, headers, people, phantoms
from .canvas import Canvas


def make(truth):
    chest(truth)
    topogram(truth)
    angiogram(truth)
    lossy_survey(truth)


def cr(ds, body, view):
    headers.set_all(ds, BodyPartExamined=body, ViewPosition=view, KVP="120", Exposure="3", CassetteSize="35CMX43CM",
                    PlateType="ST6", ImagerPixelSpacing=["0.2", "0.2"], PatientOrientation=["L", "F"],
                    AcquisitionDeviceProcessingDescription="GEN CHEST", Sensitivity="288")


def icon(pixels):
    """The thumbnail that viewers show, made of the picture with its text."""
    rows, columns = pixels.shape
    small = pixels[::rows // 96, ::columns // 80][:96, :80] >> 4
    return headers.item(SamplesPerPixel=1, PhotometricInterpretation="MONOCHROME1", Rows=small.shape[0],
                        Columns=small.shape[1], BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0,
                        PixelData=small.astype(np.uint8).tobytes())


def chest(truth):
    study = people.XRAY
    patient = study.patient
    canvas = Canvas(phantoms.radiograph(909, 1760, 2140).astype(np.uint16))
    # Low values are white here.
    canvas.text(70, 56, patient.comma, "name", font="arial", size=40, value=40)
    canvas.text(70, 104, f"{patient.id}   {patient.sex}", "id", font="arial", size=34, value=40)
    canvas.text(1690, 56, people.day_month_name(study.date), "date", font="arial", size=34, value=40, align="right")
    canvas.text(1690, 98, "07:44:18", "time", font="arial", size=34, value=40, align="right")
    canvas.text(70, 2062, study.site.name, "inst", font="arial", size=30, value=120)
    canvas.text(1540, 330, "L", "mark", phi=False, font="arial-bold", size=130, value=60)
    ds = headers.new(headers.CR, study, 1, 1, "CR", headers.FUJI_CR, "CHEST PA", ["DERIVED", "PRIMARY"])
    headers.image(ds, study, canvas.pixels, bits=12, photometric="MONOCHROME1")
    cr(ds, "CHEST", "PA")
    headers.window(ds, 2048, 4096)
    thumbnail = icon(canvas.pixels)
    thumbnail["PixelData"].VR = "OB"
    ds.IconImageSequence = [thumbnail]
    # Data Set Trailing Padding, with what was in the buffer before.
    ds.add_new(0xFFFCFFFC, "OB", f"...{patient.caret}|{patient.id}|{study.accession}...".encode().ljust(128, b"\0"))
    truth.add(f"{patient.folder}/CR/{study.accession}.dcm", encode.file_bytes(ds, ae_title="QFNVCR"), "released-masked",
              "image", study, canvas.items)


def topogram(truth):
    study = people.SCOUT
    patient = study.patient
    base = phantoms.radiograph(1010, 512, 640)
    values = np.clip((3900 - base) * 3 // 4 + 40, 0, 4095)
    canvas = Canvas(values.astype(np.uint16))
    canvas.text(14, 6, "ALI, Z", "name", font="sans", size=16, value=4095)
    canvas.text(14, 26, patient.id, "id", font="sans", size=14, value=4095)
    canvas.text(500, 6, people.slashes(study.date), "date", font="sans", size=14, value=4095, align="right")
    canvas.text(14, 610, "120 kVp", "tech", font="sans", size=14, value=3600)
    canvas.text(470, 300, "L", "mark", phi=False, font="sans-bold", size=26, value=4095)
    ds = headers.new(headers.CT, study, 1, 1, "CT", headers.SIEMENS_CT, "Topogram  0.6  T20s",
                     ["ORIGINAL", "PRIMARY", "LOCALIZER", "CT_SOM5 TOP"])
    headers.image(ds, study, canvas.pixels, bits=12)
    headers.plane(ds, study, -100, 1, 1, 512)
    headers.ct(ds)
    headers.set_all(ds, ImageOrientationPatient=["1", "0", "0", "0", "0", "-1"], PatientOrientation=["L", "F"])
    headers.window(ds, 1200, 2600)
    truth.add(f"{patient.folder}/TOPO0001", encode.by_dcmtk(ds, encode.JPEG_LS), "released-masked", "image", study,
              canvas.items, note="a surname that is also a word; JPEG-LS Lossless")


def angiogram(truth):
    """Three frames in JPEG Lossless; only the second has text."""
    study = people.ANGIO
    patient = study.patient
    frames, items = [], []
    for number in (1, 2, 3):
        rng = phantoms.generator(1100 + number)
        slow = phantoms.generator(1100)
        picture = 150 + phantoms.texture(slow, (512, 512), (96, 40, 14), 60)
        for step in range(60):
            x, y = 170 + 3 * step, 120 + 5 * step + (step * step) // 40 + 2 * number
            picture[phantoms.ellipse((512, 512), x, min(y, 500), 8 - step // 12, 9)] -= 7
        picture = phantoms.soften(picture, 1) + phantoms.grain(rng, (512, 512), 4)
        canvas = Canvas(np.clip(picture, 20, 235).astype(np.uint8), frames=[number])
        canvas.pixels[~phantoms.ellipse((512, 512), 256, 256, 258, 258)] = 8
        if number == 2:
            canvas.text(12, 10, f"{patient.parts[0]} {patient.parts[1]}", "name", font="sans", size=14, value=250)
            canvas.text(12, 30, patient.id, "id", font="sans", size=13, value=250)
            canvas.text(500, 10, people.slashes(study.date), "date", font="sans", size=13, value=250, align="right")
        frames.append(canvas.pixels)
        items += canvas.items
    ds = headers.new(headers.XA, study, 3, 7, "XA", headers.SIEMENS_XA, "Coro LCA",
                     ["ORIGINAL", "PRIMARY", "SINGLE PLANE"])
    headers.image(ds, study, np.stack(frames))
    headers.set_all(ds, KVP="74", RadiationSetting="GR", XRayTubeCurrent="742", ExposureTime="7", FrameTime="66.7",
                    FrameIncrementPointer=0x00181063, PixelIntensityRelationship="LIN", PositionerMotion="STATIC",
                    PositionerPrimaryAngle="-28.1", PositionerSecondaryAngle="20.4", PatientOrientation=["L", "F"],
                    DistanceSourceToDetector="1050", DistanceSourceToPatient="780", ImagerPixelSpacing=["0.37", "0.37"],
                    LossyImageCompression="00")
    truth.add(f"{patient.folder}/XA/3/7.dcm", encode.by_dcmtk(ds, encode.JPEG_LOSSLESS), "released-masked", "image",
              study, items, note="text on frame 2 of 3 only; a surname of two letters")


LOSSY = [
    (encode.JPEG_EXTENDED, "JPEG Extended, 12 bits", "01", "ISO_10918_1"),
    (encode.JPEG_LS_NEAR, "JPEG-LS Near-lossless", "01", "ISO_14495_1"),
    (encode.J2K, "JPEG 2000 irreversible", "01", "ISO_15444_1"),
]


def lossy_survey(truth):
    """The same bone three times, each in another lossy Transfer Syntax."""
    study = people.LOSSY
    patient = study.patient
    for number, (syntax, what, lossy, method) in enumerate(LOSSY, start=1):
        base = phantoms.radiograph(1200 + number, 704, 856)
        canvas = Canvas((4095 - base).astype(np.uint16))
        canvas.text(60, 60, patient.comma, "name", font="arial", size=24, value=4000)
        canvas.text(60, 90, patient.id, "id", font="arial", size=20, value=4000)
        canvas.text(640, 60, people.dots(study.date), "date", font="arial", size=20, value=4000, align="right")
        canvas.text(600, 200, "R", "mark", phi=False, font="arial-bold", size=56, value=3900)
        ds = headers.new(headers.CR, study, 1, number, "CR", headers.FUJI_CR, "SKELETAL SURVEY",
                         ["DERIVED", "PRIMARY"])
        headers.image(ds, study, canvas.pixels, bits=12)
        cr(ds, "CHEST", "AP")
        headers.window(ds, 2048, 4096)
        headers.set_all(
    ds,
    LossyImageCompression=lossy,
    LossyImageCompressionRatio="8",
     LossyImageCompressionMethod=method)
        if syntax == encode.J2K:
            content = encode.by_openjpeg(ds, canvas.pixels, syntax)
        else:
            content = encode.by_dcmtk(ds, syntax)
        truth.add(
    f"{patient.folder}/survey-{number}.dcm",
    content,
    "released-masked",
    "image",
    study,
    canvas.items,
     note=what)
