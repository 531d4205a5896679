"""The files of SampleData and what is true of them."""

import hashlib
import json
import os

from . import people

SCHEMA = 1


class Truth:
    def __init__(self, folder: str):
        self.folder = folder
        self.files = []
        self.pictures = []

    def add(self, path, content, outcome, kind, study=None, items=(), note=None, **more):
        """Writes input/<path> and remembers what should become of it."""
        full = os.path.join(self.folder, "input", path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content)
        self.describe(path, content, outcome, kind, study, items, note, **more)

    def describe(self, path, content, outcome, kind, study=None, items=(), note=None, **more):
        entry = {
            "path": path, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "outcome": outcome,
            "kind": kind, "text": list(items)}
        if study:
            entry["patient"] = f"P{study.patient.number:02d}"
            entry["study"] = f"P{study.patient.number:02d}.{study.number}"
        if note:
            entry["note"] = note
        entry.update(more)
        self.files.append(entry)

    def save(self):
        strings, raw = canaries(self.files)
        document = {
            "schema": SCHEMA, "input": "input", "uid_root": people.UID_ROOT, "canaries": strings,
            "canary_bytes": raw, "files": sorted(self.files, key=lambda entry: entry["path"])}
        with open(os.path.join(self.folder, "truth.json"), "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1, sort_keys=True)
            file.write("\n")


def canaries(files):
    """Strings that may stand in no output, and byte strings (hex) for those in other encodings."""
    strings, raw = set(people.STAFF_CANARIES), set()
    strings |= {people.UID_ROOT, "QFNORTHVALE", "Crumblewell", "Wrenfoot", "Plovermoor", "Silberdistel", "Tarnhollow",
                "Skelderfoot", "Kirinomachi", "Wexcombe", "organ tuner"}
    for site in people.SITES:
        strings |= {site.name, site.name.split()[0] if site is not people.KLINIK else "OBERSTÖCKACH"}
    for patient in people.PATIENTS:
        groups = patient.name.split("=")
        for name in groups + [patient.old_name]:
            strings |= {name} | {part for part in name.replace("'", "^").split("^") if len(part) > 4}
        strings |= {patient.comma, patient.id, patient.birth, patient.nhs, patient.phone, patient.postcode,
                    f"{patient.nhs[:3]} {patient.nhs[3:6]} {patient.nhs[6:]}", patient.street, patient.folder}
        if len(groups) > 1:
            for part in "^".join(groups[1:]).split("^"):
                strings.add(part)
                raw.add(part.encode("iso2022_jp").hex())
    for study in people.STUDIES:
        strings |= {study.accession, study.date, study.station}
    for entry in files:
        strings |= {entry_item["text"] for entry_item in entry["text"] if entry_item["phi"]
            and entry_item["kind"] in ("name", "dob", "date") and len(entry_item["text"]) > 7}
    return sorted(strings), sorted(raw)
