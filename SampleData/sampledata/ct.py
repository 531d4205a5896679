"""CT: clean series, and the dose, protocol and summary pages of four vendors."""

import numpy as np
from pydicom.sequence import Sequence

from . import encode, headers, people, phantoms, private
from .canvas import Canvas

SLICES = 20


def make(truth):
    ge_chest(truth)
    ge_dose_report(truth)
    siemens_abdomen(truth)
    siemens_patient_protocol(truth)
    philips_exam_summary(truth)
    philips_dose_info(truth)
    toshiba_summary(truth)


def ge_slice(index, series=2):
    study = people.CHEST
    ds = headers.new(headers.CT, study, series, index + 1, "CT", headers.GE_CT, "CHEST 2.5MM STND",
                     ["ORIGINAL", "PRIMARY", "AXIAL"])
    # 16 of 16 bits, signed, and a padding value outside the round field of view.
    stored = phantoms.chest(101, index, SLICES) + 1024
    stored[~phantoms.ellipse((512, 512), 256, 256, 255, 255)] = -2000
    headers.image(ds, study, stored.astype(np.int16), signed=True)
    ds.add_new(0x00280120, "SS", -2000)
    headers.plane(ds, study, 12.5 + 5 * index, 0.703125, 2.5, 512)
    headers.ct(ds)
    headers.window(ds, 40, 400)
    private.ge(ds, study)
    return ds


def ge_chest(truth):
    folder = f"{people.QUILLFEATHER.folder}/CT_CHEST_20230917/S0002_CHEST_2.5MM"
    for index in range(SLICES):
        preamble = b"EXPORTED FOR QUILLFEATHER BY NVQCT01" if index == 0 else None
        content = encode.file_bytes(ge_slice(index), preamble=preamble)
        truth.add(f"{folder}/i77{index + 1:04d}.CTDC.{index + 1}", content, "released", "image", people.CHEST)
        if index == 7:
            truth.add("duplicate copy of a slice.dcm", content, "released", "image", people.CHEST,
                      note="byte for byte a file of the CT series", duplicate_of=f"{folder}/i770008.CTDC.8")


def ge_dose_report(truth):
    study = people.CHEST
    patient = study.patient
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 999, 1, "CT", headers.GE_CT, "Dose Report",
                     ["DERIVED", "SECONDARY", "SCREEN SAVE"])
    # Background −1, ink 0: both white under the header's window.
    page = Canvas(np.full((512, 512), -1, np.int16))

    def line(x, y, text, kind="tech", font="arial", size=12):
        page.text(x, y, text, kind, font=font, size=size, value=0, smooth=False)

    line(14, 12, f"Patient Name: {patient.caret}", "name")
    line(350, 12, f"Exam no: {study.id}", "id")
    line(14, 29, f"Accession Number: {study.accession}", "id")
    line(350, 29, people.day_month_name(study.date), "date")
    line(14, 46, f"Patient ID: {patient.id}", "id")
    line(350, 46, "Revolution EVO")
    line(14, 63, "Exam Description: CT CHEST")
    line(206, 96, "Dose Report", "ui", "arial-bold", 14)
    columns = [(14, "Series"), (70, "Type"), (150, "Scan Range"), (262, "CTDIvol"), (340, "DLP"), (420, "Phantom")]
    for x, text in columns:
        line(x, 128, text, "ui")
    for x, text in [(150, "(mm)"), (262, "(mGy)"), (340, "(mGy-cm)"), (420, "cm")]:
        line(x, 143, text, "ui")
    for row, values in enumerate([("1", "Scout", "-", "-", "-", "-"),
                                  ("2", "Helical", "I12.500-I298.750", "9.84", "331.07", "Body 32")]):
        for (x, _), text in zip(columns, values):
            if text != "-":
                line(x, 166 + 17 * row, text)
    line(238, 222, "Total Exam DLP:", "ui")
    line(340, 222, "331.07")
    line(246, 488, "1/1", "counter")
    headers.image(ds, study, page.pixels, signed=True)
    headers.secondary_capture(ds, study)
    headers.window(ds, -2, 1)
    private.ge(ds, study)
    headers.set_all(ds, CommentsOnRadiationDose="TotalDLP=331.07 Event=1 " + patient.id)
    truth.add(f"{patient.folder}/CT_CHEST_20230917/S0999/i770901.CTDC.1", encode.file_bytes(ds), "rejected",
              "dose-page", study, page.items)


def siemens_abdomen(truth):
    study = people.ABDOMEN
    for index in range(6):
        ds = headers.new(headers.CT, study, 2, index + 1, "CT", headers.SIEMENS_CT, "Abdomen  5.0  B30f",
                         ["ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI"])
        stored = np.clip(phantoms.chest(202, index, 6, noise=24) + 1024, 0, 4095).astype(np.uint16)
        headers.image(ds, study, stored, bits=12)
        headers.plane(ds, study, -320 - 5 * index, 0.7421875, 5, 512)
        headers.ct(ds, kvp="100", current="188")
        headers.window(ds, 40, 350)
        private.siemens_ct(ds, study)
        truth.add(f"{people.BRAMBLEWICK.folder}/ABDOMEN/{study.series_uid(2)}.{index + 1}.IMA",
                  encode.file_bytes(ds, ae_title="QFOBERSTOECK"), "released", "image", study)


def siemens_patient_protocol(truth):
    study = people.ABDOMEN
    patient = study.patient
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 501, 1, "CT", headers.SIEMENS_CT, "Patient Protocol",
                     ["DERIVED", "SECONDARY", "OTHER", "CT_SOM5 PROT"])
    page = Canvas(np.zeros((860, 1132), np.uint16))

    def line(x, y, text, kind="tech", font="arial", size=17, **more):
        page.text(x, y, text, kind, font=font, size=size, value=4095, **more)

    line(10, 8, f"{patient.parts[0]}^{patient.parts[1]}", "name", "arial-bold", 20)
    line(10, 35, f"ID: {patient.id}", "id")
    line(330, 35, f"*{people.dots(patient.birth)}", "dob")
    line(450, 35, f"{study.age} Y, F", "demog")
    line(1122, 8, study.site.name, "inst", align="right")
    line(1122, 35, f"{people.day_month_name(study.date, '-')} 10:43", "date", align="right")
    page.rectangle(0, 60, 1132, 2, 1900)
    line(40, 88, "Ward:", "ui")
    line(150, 88, "Station Q4", "note")
    line(40, 114, "Physician:", "ui")
    line(150, 114, study.referring.split("^")[0].title(), "staff")
    line(40, 140, "Operator:", "ui")
    line(150, 140, study.operator.split("^")[0].title(), "staff")
    line(40, 190, "Total mAs 2411", "tech", "arial-bold")
    line(240, 190, "Total DLP 312 mGycm", "tech", "arial-bold")
    columns = [(40, "Scan"), (330, "KV"), (400, "mAs / ref."), (540, "CTDIvol*"), (660, "DLP"), (760, "TI"),
               (840, "cSL")]
    for x, text in columns:
        line(x, 240, text, "ui")
    rows = [("Patient Position F-SP", "", "", "", "", "", ""), ("Topogram", "100", "36 mA", "0.14 L",
             "7.1", "4.1", "0.6"), ("Abdomen nativ", "100", "188 / 210", "6.81 L", "304.9", "0.5", "0.6")]
    for number, values in enumerate(rows):
        for (x, _), text in zip(columns, values):
            if text:
                line(x, 274 + 28 * number, text)
    line(40, 820, "*: L = 32cm, S = 16cm", "tech", size=15)
    headers.image(ds, study, page.pixels, bits=12)
    headers.secondary_capture(ds, study)
    headers.window(ds, 2048, 4096)
    private.siemens_ct(ds, study)
    truth.add(f"{patient.folder}/ABDOMEN/{study.series_uid(501)}.1.IMA",
              encode.file_bytes(ds, ae_title="QFOBERSTOECK"), "rejected", "patient-protocol", study, page.items)


def philips_exam_summary(truth):
    study = people.LIVER
    patient = study.patient
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 401, 1, "CT", headers.PHILIPS_CT, "Exam Summary",
                     ["DERIVED", "SECONDARY"])
    page = Canvas(np.full((512, 650, 3), (236, 240, 247), np.uint8))
    page.rectangle(0, 0, 650, 34, (38, 70, 122))
    page.text(12, 8, "Exam Summary", "ui", font="sans-bold", size=15, value=(255, 255, 255))

    def row(y, label, text, kind):
        page.text(20, y, label, "ui", font="sans", size=12, value=(60, 60, 70))
        page.text(190, y, text, kind, font="sans", size=12, value=(0, 0, 0))

    row(48, "Patient name", patient.comma, "name")
    row(68, "Patient ID", patient.id, "id")
    row(88, "Study ID", study.id, "id")
    row(108, "Exam date", f"{people.iso(study.date)} 08:15", "date")
    row(128, "Accession number", study.accession, "id")
    row(148, "Institution", study.site.name, "inst")
    row(168, "Performing physician", study.performing.split("^")[0].title(), "staff")
    page.frame(16, 200, 618, 150, (150, 160, 180))
    for x, text in [(24, "Scan"), (220, "kV"), (300, "mAs"), (390, "CTDIvol [mGy]"), (520, "DLP [mGy*cm]")]:
        page.text(x, 208, text, "ui", font="sans-bold", size=11, value=(20, 40, 90))
    for number, values in enumerate([("Surview", "120", "30", "0.08", "4.2"), ("Liver arterial",
                                    "120", "166", "9.7", "288.4"), ("Liver venous", "120", "171", "10.1", "301.5")]):
        for x, text in zip((24, 220, 300, 390, 520), values):
            page.text(x, 234 + 22 * number, text, "tech", font="sans", size=11, value=(0, 0, 0))
    headers.image(ds, study, page.pixels, photometric="RGB")
    # Colour by plane, and a header that says there is nothing burnt in.
    ds.PixelData = page.pixels.transpose(2, 0, 1).tobytes()
    headers.set_all(ds, PlanarConfiguration=1, BurnedInAnnotation="NO")
    headers.secondary_capture(ds, study, "WSD", headers.PHILIPS_CT)
    private.philips(ds, study, "CT")
    truth.add(f"{patient.folder}/DICOM/IM_0401", encode.file_bytes(ds, encode.IMPLICIT, ae_title="QFEASTMERE"),
              "rejected", "exam-summary", study, page.items)


def philips_dose_info(truth):
    study = people.LIVER
    patient = study.patient
    ds = headers.new(headers.CT, study, 80160, 1, "CT", headers.PHILIPS_CT, "Dose Info",
                     ["DERIVED", "SECONDARY", "DOSE_INFO"])
    page = Canvas(np.zeros((512, 512), np.uint16))
    for x, y, text, kind in [
            (12, 14, patient.comma, "name"), (12, 34, patient.id, "id"), (330, 14, people.slashes(study.date), "date"),
            (330, 34, "08:15:02", "time"), (12, 54, study.site.name, "inst"), (12, 110, "Dose Info", "ui"),
            (12, 150, "Surview  120 kV  DLP 4.2 mGy*cm", "tech"),
            (12, 172, "Helical  120 kV  DLP 288.4 mGy*cm", "tech"),
            (12, 216, "Total DLP 594.1 mGy*cm", "tech")]:
        page.text(x, y, text, kind, font="courier", size=14, value=4095)
    headers.image(ds, study, page.pixels, bits=12)
    headers.plane(ds, study, 0, 0.9765625, 1, 512)
    headers.ct(ds)
    headers.window(ds, 1024, 2048)
    ds.ExposureDoseSequence = Sequence([headers.item(
        RadiationMode="CONTINUOUS", KVP="120", XRayTubeCurrentInuA="166000", ExposureTime="5030",
        FilterType="BODY", CTDIvol=9.7)])
    private.philips(ds, study, "CT")
    truth.add(f"{patient.folder}/DICOM/IM_0402", encode.file_bytes(ds, encode.IMPLICIT, ae_title="QFEASTMERE"),
              "rejected", "dose-page", study, page.items)


def toshiba_summary(truth):
    study = people.SINUS
    patient = study.patient
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 9000, 1, "CT", headers.TOSHIBA_CT, "CT SINUSES SUMMARY",
                     ["DERIVED", "SECONDARY"])
    page = Canvas(np.full((512, 512), -1, np.int16))
    for y, text, kind in [
            (8, f"Patient ID: {patient.id}", "id"), (26, f"Name: {patient.parts[0]} {patient.parts[1]}", "name"),
            (44, f"Study Date: {study.date[:4]}.{study.date[4:6]}.{study.date[6:]}", "date"),
            (62, f"Accession No.: {study.accession}", "id"), (96, "Total DLP: 118.30 mGy.cm", "tech"),
            (114, "CTDIvol: 14.20 mGy (Head)", "tech"), (132, "Scanoscope 120kV 50mA", "tech"),
            (150, "Helical 120kV 100mA 0.5s", "tech"), (214, "Page 1 of 1", "counter")]:
        page.text(6, y, text, kind, font="mono", size=13, value=0, smooth=False)
    headers.image(ds, study, page.pixels, signed=True)
    headers.secondary_capture(ds, study)
    headers.window(ds, 0, 1)
    truth.add(
    f"{patient.folder}/00000901",
    encode.file_bytes(
        ds,
        ae_title="QFEASTMERE"),
        "rejected",
        "dose-page",
        study,
         page.items)
