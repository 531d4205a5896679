#!/usr/bin/python3
"""Judges an output of `quench clean` by the truth file of SampleData, with decoders that Quench doesn't use."""

import argparse
import collections
import csv
import hashlib
import json
import os
import re
import sys
import tempfile
import zipfile
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import pydicom

from sampledata import judge

RELEASED = ("released", "released-masked")


class Check:
    def __init__(self, output, truth_path):
        self.output = output
        with open(truth_path, encoding="utf-8") as file:
            self.truth = json.load(file)
        self.input = os.path.join(os.path.dirname(os.path.abspath(truth_path)), self.truth["input"])
        with open(os.path.join(output, "report", "instances.csv"), newline="", encoding="utf-8-sig") as file:
            self.rows = list(csv.DictReader(file))
        self.passed, self.failures = 0, []
        self.needless = []

    def expect(self, good, subject, text):
        if good:
            self.passed += 1
        else:
            self.failures.append((subject, text))
        return good

    def source_bytes(self, entry):
        if "container" in entry:
            with zipfile.ZipFile(os.path.join(self.input, entry["container"])) as archive:
                return archive.read(entry["path"].split("!", 1)[1])
        with open(os.path.join(self.input, entry["path"]), "rb") as file:
            return file.read()

    # MARK: accounting

    def accounting(self):
        rows = collections.Counter(row["source_sha256"] for row in self.rows)
        files = collections.Counter(entry["sha256"] for entry in self.truth["files"])
        for sha, count in files.items():
            path = next(entry["path"] for entry in self.truth["files"] if entry["sha256"] == sha)
            self.expect(rows[sha] == count, path, f"{rows[sha]} rows instead of {count}")
        containers = {entry["container"] for entry in self.truth["files"] if "container" in entry}
        known = set(files)
        for path in containers:
            with open(os.path.join(self.input, path), "rb") as file:
                known.add(hashlib.sha256(file.read()).hexdigest())
        self.expect(set(rows) <= known, "instances.csv", f"{len(set(rows) - known)} rows of unknown files")
        named = {row["released_path"] for row in self.rows if row.get("released_path")}
        found = {os.path.relpath(os.path.join(base, name), self.output)
                 for base, _, names in os.walk(os.path.join(self.output, "released")) for name in names}
        self.expect(
    named == found,
    "released",
     f"{len(found - named)} files not in instances.csv, {len(named - found)} missing")

    def rows_of(self, entry):
        return [row for row in self.rows if row["source_sha256"] == entry["sha256"]]

    def decision(self, entry):
        """The row that counts; a duplicate's second row may be rejected as a duplicate."""
        rows = self.rows_of(entry)
        fitting = [row for row in rows if row["decision"] == entry["outcome"]]
        masked = next((row for row in rows if row["decision"] == "released-masked"), None)
        if not fitting and entry["outcome"] == "released" and masked:
            # Text seen where there is none loses a little of the picture and leaks nothing: counted, and bounded.
            self.needless.append(entry["path"])
            return masked
        if not fitting:
            got = ", ".join(f"{row['decision']} ({row.get('reasons', '')})" for row in rows) or "nothing"
            self.expect(False, entry["path"], f"{got} instead of {entry['outcome']}")
            return next((row for row in rows if row["decision"] in RELEASED), None)
        self.expect(True, entry["path"], "")
        for row in rows:
            same = row["decision"] == entry["outcome"] or "duplicate" in row.get("reasons", "")
            self.expect(same, entry["path"], f"another row says {row['decision']}")
        kind = fitting[0].get("series_kind")
        if kind and kind != entry["kind"]:
            print(f"note: {entry['path']}: series kind {kind}, truth {entry['kind']}")
        return fitting[0]

    def needless_masks(self):
        """At most one clean file in twenty may have been masked."""
        clean = sum(entry["outcome"] == "released" for entry in self.truth["files"])
        for path in self.needless:
            print(f"note: {path}: masked although there is no text")
        self.expect(len(self.needless) * 20 <= clean, "clean files", f"{len(self.needless)} of {clean} masked")

    # MARK: files

    def released(self, entry, row, folder):
        if not row.get("released_path"):
            self.expect(False, entry["path"], "no released_path")
            return {}
        path = os.path.join(self.output, row["released_path"])
        source = os.path.join(folder, "source")
        with open(source, "wb") as file:
            file.write(self.source_bytes(entry))
        try:
            comparison = judge.Comparison(entry, source, path, judge.regions_of(row)).run()
        except Exception as error:  # Whatever can't be read is a failure of this file, not of the run.
            self.expect(False, entry["path"], f"can't be compared: {type(error).__name__}: {error}")
            return {}
        for failure in comparison.failures:
            self.expect(False, entry["path"], failure)
        self.passed += not comparison.failures
        if row.get("frames_examined"):
            count = comparison.before.shape[0]
            self.expect(int(row["frames_examined"]) == count, entry["path"],
                        f"{row['frames_examined']} of {count} frames examined")
        errors = judge.new_errors(source, path)
        if errors is not None:
            self.expect(not errors, entry["path"], "dciodvfy: " + "; ".join(errors[:3]))
        return comparison.counts

    def files(self):
        print(f"{'file':58} {'expected':16} {'got':16} {'masked':>7}  notes")
        with tempfile.TemporaryDirectory() as folder:
            for entry in self.truth["files"]:
                before = len(self.failures)
                row = self.decision(entry)
                counts = {}
                if row and row["decision"] in RELEASED:
                    counts = self.released(entry, row, folder)
                area = f"{counts.pop('area')} %" if "area" in counts else ""
                notes = ", ".join(f"{value} {key}" for key, value in counts.items())
                mark = "" if len(self.failures) == before else "FAILED "
                got = row["decision"] if row else "?"
                print(f"{entry['path'][-58:]:58} {entry['outcome']:16} {got:16} {area:>7}  {mark}{notes}")

    # MARK: canaries

    def canaries(self):
        patterns = {}
        for text in self.truth["canaries"]:
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                # bytes.lower() leaves umlauts alone, so each case of them is its own pattern.
                for form in (text, text.lower(), text.upper()):
                    try:
                        patterns[form.encode(encoding).lower()] = text
                    except UnicodeEncodeError:
                        continue
        for raw in self.truth["canary_bytes"]:
            patterns[bytes.fromhex(raw).lower()] = "bytes " + raw
        for path in self.outputs():
            relative = os.path.relpath(path, self.output)
            with open(path, "rb") as file:
                content = file.read()
            # Base64 of a picture spells any short name sooner or later.
            content = re.sub(rb"data:image/png;base64,[A-Za-z0-9+/=]+", b"", content)
            haystack = (content + inflated(path, content)).lower() + relative.lower().encode()
            found = sorted({name for pattern, name in patterns.items() if pattern in haystack})
            self.expect(not found, relative, f"{len(found)} canaries, as {found[:4]}")

    def outputs(self):
        for folder in ("released", "report"):
            for base, _, names in sorted(os.walk(os.path.join(self.output, folder))):
                yield from (os.path.join(base, name) for name in sorted(names))
        for name in sorted(os.listdir(self.output)):
            path = os.path.join(self.output, name)
            if os.path.isfile(path):
                yield path


def inflated(path, content):
    """The inside of a deflated data set."""
    if not path.endswith(".dcm"):
        return b""
    meta = pydicom.filereader.read_file_meta_info(path)
    if meta.get("TransferSyntaxUID") != "1.2.840.10008.1.2.1.99":
        return b""
    start = 132 + 12 + meta.FileMetaInformationGroupLength
    return zlib.decompressobj(-15).decompress(content[start:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="the --output folder of quench clean")
    parser.add_argument("truth", help="truth.json of SampleData; its input/ must stand beside it")
    options = parser.parse_args()
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    check = Check(options.output, options.truth)
    check.files()
    check.accounting()
    check.canaries()
    check.needless_masks()
    for subject, text in check.failures:
        print(f"FAILED {subject}: {text}")
    print(f"{check.passed} passed, {len(check.failures)} failed")
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
