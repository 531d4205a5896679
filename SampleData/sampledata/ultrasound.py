"""Ultrasound: a cine, a palette still, and stills in RLE and JPEG 2000."""

import numpy as np
from pydicom.tag import Tag

from . import encode, headers, people, phantoms
from .canvas import Canvas

FRAMES = 36


def make(truth):
    cine(truth)
    palette_still(truth)
    rle_still(truth)
    jpeg2000_still(truth)


def grey(values):
    return np.repeat(values[:, :, None], 3, axis=2)


def move_items(items, canvas):
    """Texts of a frame that stand on other frames too are one item."""
    for item in canvas.items:
        same = [old for old in items if all(old[k] == item[k] for k in ("box", "text"))]
        if same:
            same[0]["frames"] += item["frames"]
        else:
            items.append(item)


def cine_frame(sector, number, items):
    study = people.ECHO
    patient = study.patient
    canvas = Canvas(grey(sector.frame(number - 1)), frames=[number])
    canvas.rectangle(0, 0, 640, 40, (26, 34, 52))

    def line(x, y, text, kind, size=13, value=(235, 235, 235), font="sans", **more):
        canvas.text(x, y, text, kind, font=font, size=size, value=value, **more)

    line(8, 3, patient.comma, "name", 14, font="sans-bold")
    line(8, 22, patient.id, "id", 12)
    line(300, 3, study.site.name, "inst", 12)
    line(300, 22, f"DOB {people.slashes(patient.birth)}", "dob", 12)
    line(632, 3, people.slashes(study.date), "date", 12, align="right")
    line(632, 22, "09:26:47", "time", 12, align="right")
    for row, text in enumerate(["S5-1", "42Hz", "14cm", "2D", "67%", "C 50", "P Low", "HPen"]):
        line(8, 60 + 17 * row, text, "tech", 12, (200, 205, 160))
    line(560, 58, "TIS0.8  MI 1.2", "tech", 11, (200, 205, 160))
    # Wall clock and heart rate: safe, and different on each frame.
    line(560, 456, f"{70 + number % 5} bpm", "tech", 13, (120, 220, 120))
    if number == 17:
        old = people.ECHO_BEFORE
        line(176, 446, f"{old.patient.parts[0]} {old.patient.parts[1]}", "name", 14, (225, 200, 90))
        line(176, 463, people.day_month_name(old.date), "date", 11, (225, 200, 90))
    move_items(items, canvas)
    comment = f"captured for {patient.caret} {patient.id}".encode() if number == 1 else None
    return encode.jpeg_baseline(canvas.pixels, comment=comment)


def cine(truth):
    study = people.ECHO
    sector = phantoms.Sector(505, 480, 640, (320, 46), 396)
    items = []
    frames = [cine_frame(sector, number, items) for number in range(1, FRAMES + 1)]
    ds = headers.new(headers.US_MULTIFRAME, study, 1, 12, "US", headers.PHILIPS_US, "Apical 4ch",
                     ["ORIGINAL", "PRIMARY", "TTE", "0001"])
    headers.image(ds, study, np.zeros((FRAMES, 480, 640, 3), np.uint8), photometric="YBR_FULL_422")
    headers.ultrasound(ds, (34, 46, 606, 442))
    headers.set_all(ds, FrameTime="23.8", FrameIncrementPointer=Tag(0x0018, 0x1063), CineRate="42", StartTrim=1,
                    StopTrim=FRAMES, RecommendedDisplayFrameRate="42", LossyImageCompression="01",
                    LossyImageCompressionRatio=str(round(FRAMES * 480 * 640 * 3 / sum(map(len, frames)), 1)),
                    LossyImageCompressionMethod="ISO_10918_1", NumberOfStages=1, NumberOfViewsInStage=1)
    encode.set_frames(ds, frames)
    truth.add(f"{study.patient.folder}/echo 5 Mar 2024/IM_0012", encode.file_bytes(ds, encode.JPEG_BASELINE),
              "released-masked", "ultrasound", study, items,
              note="frame 17 alone shows another patient's name; frame 1's stream has a COM segment with the name")


def palette():
    """Entries in no order of brightness: ink and ground are neighbours as indices, far apart as colours."""
    tables = np.zeros((3, 256), np.uint16)
    ramp = np.arange(160) * 65535 // 159
    # The ramp runs up on even indices and down on odd ones.
    order = np.concatenate([np.arange(0, 160, 2), np.arange(159, 0, -2)])
    tables[:, order] = ramp
    tables[:, 200], tables[:, 201] = [0x0800, 0x0A00, 0x1400], [0xFFFF, 0xF800, 0xE000]
    tables[:, 202] = [0xE000, 0xC000, 0x2000]
    return tables, order


def palette_still(truth):
    study = people.THYROID
    patient = study.patient
    tables, order = palette()
    sector = phantoms.Sector(606, 480, 640, (320, 20), 420, spread=0.55)
    level = sector.frame(3).astype(np.int64) * 159 // 255
    indices = order[level].astype(np.uint8)
    indices[~sector.inside] = 200
    canvas = Canvas(indices)

    def line(x, y, text, kind, value=201, **more):
        canvas.text(x, y, text, kind, font="mono", size=14, value=value, smooth=False, **more)

    line(10, 8, patient.comma, "name")
    line(10, 28, patient.id, "id")
    line(630, 8, people.day_month_name(study.date, "-").upper(), "date", align="right")
    line(630, 28, "11:39:02 AM", "time", align="right")
    line(10, 452, study.site.name, "inst")
    line(630, 70, "L12-5", "tech", 202, align="right")
    line(630, 90, "Map 3", "tech", 202, align="right")
    line(630, 110, "FR 28Hz", "tech", 202, align="right")
    line(10, 220, "THY RT SAG", "anat", 202)
    ds = headers.new(headers.US, study, 1, 4, "US", headers.ATL_US, "THYROID",
                     ["ORIGINAL", "PRIMARY", "SMALL PARTS", "0001"])
    headers.image(ds, study, canvas.pixels, photometric="PALETTE COLOR")
    headers.ultrasound(ds, (90, 20, 550, 440))
    for colour, table in zip(("Red", "Green", "Blue"), tables):
        ds.add_new(f"{colour}PaletteColorLookupTableDescriptor", "US", [256, 0, 16])
        ds.add_new(f"{colour}PaletteColorLookupTableData", "OW", table.astype("<u2").tobytes())
    truth.add(f"{patient.folder}/THYROID.2003/1.dcm", encode.file_bytes(ds, ae_title="QFNVATL"), "released-masked",
              "ultrasound", study, canvas.items)


def rle_still(truth):
    study = people.VIVID
    patient = study.patient
    sector = phantoms.Sector(707, 434, 636, (330, 40), 370)
    canvas = Canvas(grey(sector.frame(5)))
    # Colour flow in the chamber.
    flow = sector.inside & phantoms.ellipse((434, 636), 330, 225, 44, 60)
    canvas.pixels[flow] = canvas.pixels[flow] // 3 + np.array([150, 30, 10], np.uint8)
    white, yellow = (255, 255, 255), (250, 220, 60)
    canvas.text(6, 4, patient.comma, "name", font="arial", size=15, value=white)
    canvas.text(6, 22, patient.id, "id", font="arial", size=13, value=white)
    canvas.text(630, 4, f"{people.slashes(study.date)} 10:31:17", "date",
                font="arial", size=13, value=white, align="right")
    canvas.text(6, 408, study.operator.split("^")[0].title(), "staff", font="arial", size=13, value=yellow)
    for row, text in enumerate(["FR 61.3 FPS", "Depth 16.0 cm", "1.7/3.3 MHz"]):
        canvas.text(630, 330 + 17 * row, text, "tech", font="arial", size=12, value=white, align="right")
    ds = headers.new(headers.US, study, 1, 1, "US", headers.GE_US, "Stress echo rest",
                     ["ORIGINAL", "PRIMARY", "CARDIAC", "0011"])
    headers.image(ds, study, canvas.pixels, photometric="RGB")
    headers.ultrasound(ds, (60, 40, 600, 410), doppler=True)
    truth.add(f"{patient.folder}/K6A9R002", encode.by_dcmtk(ds, encode.RLE), "released-masked", "ultrasound", study,
              canvas.items)


def jpeg2000_still(truth):
    study = people.APLIO
    patient = study.patient
    sector = phantoms.Sector(808, 480, 640, (330, 44), 400, spread=0.8)
    canvas = Canvas(grey(sector.frame(8)))
    canvas.rectangle(0, 0, 640, 36, (0, 0, 0))
    canvas.text(70, 2, f"{patient.parts[0].upper()} {patient.parts[1].upper()}",
                "name", font="arial", size=14, value=(240, 240, 240))
    canvas.text(70, 19, f"ID:{patient.id}", "id", font="arial", size=12, value=(240, 240, 240))
    canvas.text(320, 2, study.site.name, "inst", font="arial", size=12, value=(240, 240, 240))
    canvas.text(634, 19, f"{study.date[:4]}/{study.date[4:6]}/{study.date[6:]}", "date", font="arial", size=12,
                value=(240, 240, 240), align="right")
    for row, text in enumerate(["6C1", "diff6.0", "22 fps", "G:84", "DR:65"]):
        canvas.text(6, 60 + 17 * row, text, "tech", font="arial", size=12, value=(90, 200, 220))
    ds = headers.new(headers.US, study, 1, 21, "US", headers.TOSHIBA_US, "ABDOMEN",
                     ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"])
    headers.image(ds, study, canvas.pixels, photometric="RGB")
    headers.ultrasound(ds, (20, 44, 620, 444))
    content = encode.by_openjpeg(ds, canvas.pixels, encode.J2K_REVERSIBLE, comment=f"scan of {patient.caret}")
    truth.add(f"{patient.folder}/US000021.dcm", content, "released-masked", "ultrasound", study, canvas.items,
              note="name in three groups, ISO 2022 IR 87; the codestream has a COM segment with the name")
