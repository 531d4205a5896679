"""Private groups as vendors fill them, with identifiers where theirs have some."""

import struct

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence


def ge(ds: Dataset, study):
    block = ds.private_block(0x0009, "GEMS_IDEN_01", create=True)
    block.add_new(0x01, "LO", "CT_REVOLUTION_EVO_01")
    block.add_new(0x02, "SH", study.station[:8])
    block.add_new(0x27, "SL", 1694946180)
    block.add_new(0xE3, "UI", study.uid + ".0.9")
    block = ds.private_block(0x0019, "GEMS_ACQU_01", create=True)
    block.add_new(0x02, "SL", 912)
    block.add_new(0x0F, "DS", "394.199997")
    block.add_new(0x23, "DS", "27.500000")
    block.add_new(0x24, "DS", "13.000000")
    block = ds.private_block(0x0021, "GEMS_RELA_01", create=True)
    block.add_new(0x03, "SS", 1)
    block.add_new(0x07, "SL", 1694946195)
    block = ds.private_block(0x0043, "GEMS_PARM_01", create=True)
    block.add_new(0x12, "SS", [14, 2, 3])
    block.add_new(0x27, "SH", "/1.5:1")
    block.add_new(0x6F, "DS", ["0.0", "0.0", "0.0"])
    # A site's own note, as an exported worklist leaves it.
    block = ds.private_block(0x0027, "GEMS_IMAG_01", create=True)
    block.add_new(0x06, "SL", 1)
    block.add_new(0x10, "LT", f"WL {study.patient.caret} {study.patient.id} {study.accession}")


def _csa(elements) -> bytes:
    """The layout of a Siemens CSA header: SV10, tags of 84 bytes, items of four words and a value."""
    out = b"SV10\4\3\2\1" + struct.pack("<II", len(elements), 77)
    for name, vr, values in elements:
        out += name.encode().ljust(64, b"\0") + struct.pack("<i4siii", len(values), vr.encode() + b"\0\0", 6, 6, 77)
        for value in values:
            data = value.encode("latin-1") + b"\0"
            out += struct.pack("<iiii", len(data), len(data), 77, len(data)) + data + b"\0" * (-len(data) % 4)
    return out + b"\0" * (len(out) % 2)


def siemens_ct(ds, study):
    block = ds.private_block(0x0019, "SIEMENS CT VA0  COAD", create=True)
    block.add_new(0x90, "DS", "0")
    block.add_new(0xB0, "DS", "-18.25")
    block = ds.private_block(0x0029, "SIEMENS MEDCOM HEADER", create=True)
    block.add_new(0x08, "CS", "SOM 5 TPOS")
    block.add_new(0x09, "LO", "VA10A 971201")
    block.add_new(0x10, "OB", _csa([
        ("PatientName", "LO", [study.patient.caret]), ("PatientId", "LO", [study.patient.id]),
        ("ActualDose", "FL", ["12.44"])]))
    block.add_new(0x40, "SQ", Sequence([Dataset()]))
    application = block[0x40].value[0]
    inner = application.private_block(0x0029, "SIEMENS MEDCOM HEADER", create=True)
    inner.add_new(0x41, "CS", "SOM 5 NULLPOS")
    inner.add_new(0x42, "LO", "Ref. Arzt " + study.referring.split("^")[0])


def siemens_mr(ds, study):
    block = ds.private_block(0x0029, "SIEMENS CSA HEADER", create=True)
    block.add_new(0x08, "CS", "IMAGE NUM 4")
    block.add_new(0x09, "LO", study.date)
    block.add_new(0x10, "OB", _csa([
        ("EchoLinePosition", "IS", ["128"]), ("UsedPatientWeight", "IS", ["71"]),
        ("ReferencedImageSequence", "UI", [study.uid + ".0.31"]),
        ("PatientName", "LO", [study.patient.caret])]))
    block.add_new(0x18, "CS", "MR")
    protocol = (
        "### ASCCONV BEGIN ###\nulVersion = 0x14b44b6\ntProtocolName = \"t2_tse_tra\"\n"
        f"sPatient.tName = \"{study.patient.caret}\"\nsPatient.tBirth = \"{study.patient.birth}\"\n"
        "sSliceArray.lSize = 20\nalTR[0] = 4800000\n### ASCCONV END ###\n")
    block.add_new(0x20, "OB", _csa([("MrPhoenixProtocol", "UN", [protocol]), ("Operator", "LO", [study.operator])]))


def philips(ds, study, modality="MR"):
    """Philips keeps whole shadow sequences, names and requests in them."""
    block = ds.private_block(0x2001, "Philips Imaging DD 001", create=True)
    block.add_new(0x03, "FL", 0.0)
    block.add_new(0x0A, "IS", "11")
    block.add_new(0x60, "SL", 1)
    block.add_new(0x63, "CS", "ELSEWHERE")
    block.add_new(0x7B, "IS", "4")
    block.add_new(0xC8, "LO", f"{study.patient.comma} exam by {study.operator.split('^')[0]}")
    block = ds.private_block(0x2005, f"Philips {modality} Imaging DD 005", create=True)
    inner = Dataset()
    inner.PatientName = study.patient.caret
    inner.PatientID = study.patient.id
    inner.StudyDate = study.date
    inner.RequestingPhysician = study.referring
    deep = Dataset()
    deep.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    deep.ReferencedSOPInstanceUID = study.uid + ".0.44"
    inner.ReferencedImageSequence = Sequence([deep])
    block.add_new(0x02, "SQ", Sequence([inner]))
    block.add_new(0x10, "UN", f"\x00\x07{study.patient.id}\x00{study.patient.parts[0]}\x00".encode(
        "latin-1").ljust(64, b"\0"))
