"""Scanned form, fused PET capture, structured dose report, encapsulated PDF."""

import numpy as np
from pydicom.sequence import Sequence

from . import encode, headers, people, phantoms
from .canvas import Canvas


def make(truth):
    scanned_form(truth)
    fused_pet(truth)
    dose_sr(truth)
    pdf(truth)


def scanned_form(truth):
    study = people.LETTER
    patient = study.patient
    rng = phantoms.generator(1600)
    paper = 238 + phantoms.clouds(rng, (1754, 1240), 200, 7) + phantoms.grain(rng, (1754, 1240), 2)
    page = Canvas(np.clip(paper, 0, 255).astype(np.uint8))

    def typed(x, y, text, kind, size=24, font="times", value=40):
        page.text(x, y, text, kind, font=font, size=size, value=value)

    def written(x, y, text, kind, size=34, angle=2):
        page.text(x, y, text, kind, font="hand", size=size, value=70, angle=angle)

    typed(100, 90, study.site.name, "inst", 34)
    typed(100, 140, study.site.address, "addr", 20)
    typed(100, 230, "REQUEST FOR IMAGING", "ui", 30, "arial-bold")
    page.frame(90, 290, 1060, 420, 90, 3)
    for y, label, text, kind in [
            (320, "Surname", patient.parts[0].title(), "name"), (390, "Forename", patient.parts[1].title(), "name"),
            (460, "Date of birth", people.slashes(patient.birth), "dob"),
            (530, "NHS number", f"{patient.nhs[:3]} {patient.nhs[3:6]} {patient.nhs[6:]}", "id"),
            (600, "Address", f"{patient.street} {patient.postcode}", "addr")]:
        typed(110, y, label, "ui")
        written(330, y - 14, text, kind)
        page.rectangle(330, y + 40, 780, 2, 150)
    typed(110, 780, "Clinical details", "ui")
    written(110, 830, "Fell on outstretched hand,", "diag", angle=1)
    written(110, 890, f"Mrs {patient.parts[0].title()} lives alone.", "note", angle=1)
    typed(110, 1120, "Signature", "ui")
    written(330, 1090, study.referring.split("^")[0].title(), "staff", 46, 4)
    typed(110, 1200, "Date", "ui")
    written(330, 1186, people.dots(study.date), "date")
    page.text(760, 1330, "RECEIVED 21 APR 2017", "date", font="arial-bold", size=30, value=110, angle=12)
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 1, 1, "OT", headers.DIGITISER, "Referral form",
                     ["DERIVED", "SECONDARY"])
    headers.image(ds, study, page.pixels)
    headers.secondary_capture(ds, study, "SD", headers.DIGITISER)
    headers.set_all(ds, NominalScannedPixelSpacing=["0.1693", "0.1693"], DocumentClassCodeSequence=None)
    del ds.DocumentClassCodeSequence
    truth.add(f"{patient.folder}/scan0001.dcm", encode.by_dcmtk(ds, encode.JPEG_LOSSLESS), "quarantined",
              "scanned-document", study, page.items)


def fused_pet(truth):
    study = people.PETCT
    patient = study.patient
    grey = np.clip((phantoms.chest(1700, 9, 20) + 160) * 255 // 400, 0, 255).astype(np.int64)
    rgb = np.repeat(grey[:, :, None], 3, axis=2) * 6 // 10
    heat = np.zeros((512, 512), np.int64)
    for cx, cy, r, level in [(290, 235, 46, 150), (180, 210, 13, 255), (256, 352, 22, 60)]:
        for shrink in range(5):
            heat[phantoms.ellipse((512, 512), cx, cy, r - shrink * r // 6, r - \
                                  shrink * r // 6)] = level * (shrink + 1) // 5
    heat = phantoms.soften(phantoms.soften(heat, 4), 4)
    rgb[:, :, 0] += np.minimum(heat * 2, 255)
    rgb[:, :, 1] += np.clip(heat * 2 - 160, 0, 200)
    canvas = Canvas(np.clip(rgb, 0, 255).astype(np.uint8))
    for x, y, text, kind, align in [
            (8, 6, patient.comma, "name", "left"), (8, 22, patient.id, "id", "left"),
            (504, 6, people.day_month_name(study.date), "date", "right"),
            (504, 22, study.site.name, "inst", "right"), (8, 488, "SUV bw 0.0 - 8.0", "tech", "left"),
            (504, 488, "Fused Trans", "tech", "right")]:
        canvas.text(x, y, text, kind, font="arial", size=13, value=(255, 255, 0), align=align)
    ds = headers.new(headers.SECONDARY_CAPTURE, study, 702, 3, "PT", headers.GE_CT, "FUSED PET SCREEN SAVE",
                     ["DERIVED", "SECONDARY", "SCREEN SAVE"])
    headers.image(ds, study, canvas.pixels, photometric="RGB")
    headers.secondary_capture(ds, study, "WSD", headers.GE_CT)
    truth.add(
    f"{patient.folder}/PET/fused.dcm",
    encode.file_bytes(ds),
    "quarantined",
    "screen-capture",
    study,
     canvas.items)


# MARK: structured dose report


def concept(value, scheme, meaning):
    return headers.code(value, scheme, meaning)


def node(relation, kind, name, **values):
    ds = headers.item(ValueType=kind, ConceptNameCodeSequence=concept(*name), **values)
    if relation:
        ds.RelationshipType = relation
    return ds


def coded(relation, name, value):
    return node(relation, "CODE", name, ConceptCodeSequence=concept(*value))


def measured(name, value, unit, meaning):
    return node("CONTAINS", "NUM", name, MeasuredValueSequence=Sequence([headers.item(
        NumericValue=value, MeasurementUnitsCodeSequence=concept(unit, "UCUM", meaning))]))


def container(relation, name, children):
    return node(relation, "CONTAINER", name, ContinuityOfContent="SEPARATE", ContentSequence=Sequence(children))


def acquisition(study):
    return container("CONTAINS", ("113819", "DCM", "CT Acquisition"), [
        node("CONTAINS", "TEXT", ("125203", "DCM", "Acquisition Protocol"),
             TextValue=f"Chest {study.patient.parts[0].title()}"),
        coded("CONTAINS", ("123014", "DCM", "Target Region"), ("51185008", "SCT", "Chest")),
        coded("CONTAINS", ("113820", "DCM", "CT Acquisition Type"), ("116152004", "SCT", "Spiral Acquisition")),
        node("CONTAINS", "UIDREF", ("113769", "DCM", "Irradiation Event UID"), UID=study.uid + ".0.61"),
        container("CONTAINS", ("113829", "DCM", "CT Dose"), [
            measured(("113830", "DCM", "Mean CTDIvol"), "9.84", "mGy", "mGy"),
            measured(("113838", "DCM", "DLP"), "331.07", "mGy.cm", "mGy.cm")])])


def dose_sr(truth):
    study = people.CHEST
    ds = headers.new(headers.DOSE_SR, study, 997, 1, "SR", headers.GE_CT, "Dose Record")
    headers.set_all(ds, ContentDate=study.date, ContentTime=study.time, CompletionFlag="COMPLETE",
                    VerificationFlag="UNVERIFIED", PerformedProcedureCodeSequence=Sequence([]), ValueType="CONTAINER",
                    ConceptNameCodeSequence=concept("113701", "DCM", "X-Ray Radiation Dose Report"),
                    ContinuityOfContent="SEPARATE")
    ds.ContentTemplateSequence = Sequence([headers.item(MappingResource="DCMR", TemplateIdentifier="10011")])
    ds.ReferencedRequestSequence = Sequence([headers.item(
        StudyInstanceUID=study.uid, ReferencedStudySequence=Sequence([]), AccessionNumber=study.accession,
        PlacerOrderNumberImagingServiceRequest="PO" + study.id, FillerOrderNumberImagingServiceRequest="FO" + study.id,
        RequestedProcedureID="RP" + study.id, RequestedProcedureDescription=study.description,
        RequestedProcedureCodeSequence=Sequence([]))])
    irradiating = node("CONTAINS", "PNAME", ("113870", "DCM", "Person Name"), PersonName=study.operator)
    ds.ContentSequence = Sequence([
        coded("HAS CONCEPT MOD", ("121058", "DCM", "Procedure reported"),
              ("77477000", "SCT", "Computed Tomography X-Ray")),
        coded("HAS OBS CONTEXT", ("121005", "DCM", "Observer Type"), ("121006", "DCM", "Person")),
        node("HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"), PersonName=study.performing),
        node("HAS OBS CONTEXT", "TEXT", ("121009", "DCM", "Person Observer's Organization Name"),
             TextValue=study.site.name),
        node("HAS OBS CONTEXT", "UIDREF", ("121012", "DCM", "Device Observer UID"), UID=people.UID_ROOT + ".902.1"),
        coded("CONTAINS", ("113876", "DCM", "Device Role in Procedure"), ("113859", "DCM", "Irradiating Device")),
        node("HAS OBS CONTEXT", "DATETIME", ("113809", "DCM", "Start of X-Ray Irradiation"),
             DateTime=study.date + study.time),
        node("HAS OBS CONTEXT", "DATETIME", ("113810", "DCM", "End of X-Ray Irradiation"),
             DateTime=study.date + "101931"),
        node("HAS OBS CONTEXT", "UIDREF", ("110180", "DCM", "Study Instance UID"), UID=study.uid),
        coded("HAS OBS CONTEXT", ("113705", "DCM", "Scope of Accumulation"), ("113014", "DCM", "Study")),
        container("CONTAINS", ("113811", "DCM", "CT Accumulated Dose Data"), [
            measured(("113812", "DCM", "Total Number of Irradiation Events"), "1", "{events}", "events"),
            measured(("113813", "DCM", "CT Dose Length Product Total"), "331.07", "mGy.cm", "mGy.cm")]),
        acquisition(study), irradiating,
        node("CONTAINS", "TEXT", ("121106", "DCM", "Comment"), TextValue=study.comment)])
    truth.add(f"{study.patient.folder}/CT_CHEST_20230917/S0997/SR1", encode.file_bytes(ds), "rejected",
              "structured-report", study)


# MARK: encapsulated PDF


def tiny_pdf(lines) -> bytes:
    """One page of Helvetica, with a correct cross-reference table."""
    text = "BT /F1 14 Tf 72 760 Td 18 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
     "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    return out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()


def pdf(truth):
    study = people.LETTER
    patient = study.patient
    document = tiny_pdf([
        study.site.name, f"Patient: {patient.comma}", f"Born {people.slashes(patient.birth)}", f"NHS {patient.nhs}",
        "Dear colleague,", f"thank you for seeing Mrs {patient.parts[0].title()}."])
    ds = headers.new(headers.ENCAPSULATED_PDF, study, 2, 1, "DOC", headers.KIOSK, "Clinic letter")
    headers.set_all(ds,
    ContentDate=study.date,
    ContentTime=study.time,
    AcquisitionDateTime=study.date + study.time,
    ConversionType="WSD",
    BurnedInAnnotation="YES",
    DocumentTitle=f"Letter about {patient.comma}",
    ConceptNameCodeSequence=Sequence([]),
    MIMETypeOfEncapsulatedDocument="application/pdf",
    EncapsulatedDocument=document + b"\0" * (len(document) % 2),
     EncapsulatedDocumentLength=len(document))
    truth.add(f"{patient.folder}/letter.dcm", encode.file_bytes(ds), "rejected", "encapsulated-document", study)
