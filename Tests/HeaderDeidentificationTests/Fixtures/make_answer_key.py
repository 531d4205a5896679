#!/usr/bin/python3
"""Writes answer_key.csv: what must become of each Attribute of Table E.1-1, worked out from the reference tables alone.

usage: make_answer_key.py REFERENCE_DIRECTORY > answer_key.csv        (needs pydicom for VRs)

Columns: tag, VR, action of the table, and what is expected in a CT Image, in an Enhanced SR, and in an item of
Anatomic Region Sequence (whose items PS3.3 gives none of these Attributes): gone, empty, dummy or uid. Then a column
for each option of PS3.15 E.3: kept, cleaned, or nothing where the option leaves the row as it is. Nothing as well where
an option asks to clean bytes that can't be looked into (VR OB), and in groups that don't belong in a Data Set. Rows of many
Attributes have a pattern for a tag: 50xxxxxx, 60xx3000, 60xx4000, gggg (odd); their VR is empty.
"""
import csv
import pathlib
import sys

from pydicom.datadict import DicomDictionary

LATER = {  # VRs of Attributes that are younger than the dictionary of Debian's pydicom
    "00080017": "UI", "00080019": "UI", "300A0054": "UI", "003A0329": "LO", "003A032B": "ST", "0040E012": "UR", "00181204": "DA",
    "00181205": "DA",
}
OPTIONS = {  # column of the table -> name of the option in a policy
    "retain_safe_private": "retain-safe-private", "retain_uids": "retain-uids",
    "retain_device": "retain-device-identity", "retain_institution": "retain-institution-identity",
    "retain_patient_chars": "retain-patient-characteristics",
    "retain_long_full_dates": "retain-longitudinal-full-dates",
    "retain_long_modified_dates": "retain-longitudinal-modified-dates", "clean_descriptors": "clean-descriptors",
    "clean_structured_content": "clean-structured-content", "clean_graphics": "clean-graphics",
}
reference = pathlib.Path(sys.argv[1])


def read(name):
    with open(reference / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def vr(number, name):
    if number in LATER:
        return LATER[number]
    known = DicomDictionary.get(int(number, 16))
    if known:
        return known[0]
    for ending, value in (("Sequence", "SQ"), ("DateTime", "DT"), ("UID", "UI"), ("Comment", "UT"), ("Name", "LO")):
        if name.endswith(ending):
            return value
    return "LO"


def expected(action, kind):
    one, two = kind in ("1", "1C"), kind in ("2", "2C")
    if action == "U":
        return "uid"
    if action == "D":
        return "dummy"
    if action == "X":
        return "dummy" if kind == "1" else "empty" if kind == "2" else "gone"
    if action == "Z":
        return "dummy" if kind == "1" else "empty"
    if action == "Z/D":
        return "dummy" if one else "empty"
    if action == "X/Z/U*" and one:
        return "kept"
    return "dummy" if one else "empty" if two else "gone"


types = {}
for row in read("iod_attribute_types.csv"):
    types[row["iod"], row["tag"]] = row["type"]
writer = csv.writer(sys.stdout, lineterminator="\n")
writer.writerow(["tag", "vr", "action", "ct", "sr", "nested"] + list(OPTIONS.values()))
for row in read("ps315_e1_1.csv"):
    number = row["tag"].strip("()").replace(",", "").upper()
    action = row["basic"]
    if "X" in number or "G" in number:
        pattern = "gggg" if "G" in number else number.lower()
        options = [{"K": "kept", "C": "cleaned", "": ""}[row[column]] for column in OPTIONS]
        writer.writerow([pattern, "", action] + [expected(action, "3")] * 3 + options)
        continue
    columns = [expected(action, types.get((iod, row["tag"]), "3")) for iod in ("ct-image", "enhanced-sr")]
    columns.append(expected(action, "3"))
    if number[:4] in ("0000", "0002", "0004"):
        columns = ["gone"] * 3  # these groups don't belong in a Data Set at all
        options = [""] * len(OPTIONS)
    else:
        options = [{"K": "kept", "C": "cleaned", "": ""}[row[column]] for column in OPTIONS]
        if vr(number, row["name"]) == "OB":
            options = [option if option == "kept" else "" for option in options]
    writer.writerow([number, vr(number, row["name"]), action] + columns + options)
