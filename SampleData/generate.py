#!/usr/bin/python3
"""Makes SampleData: synthetic DICOM files and the truth about them. The same bytes on every run."""

import argparse
import os
import shutil
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import pydicom

from sampledata import ct, documents, mr, oddities, radiography, ultrasound
from sampledata.truth import Truth


OWN = {"input", "truth.json"}


def is_own_output(folder: str) -> bool:
    names = set(os.listdir(folder))
    return names <= OWN and "truth.json" in names


def remove_own_output(folder: str):
    """Only what this program writes: --force spares everything else."""
    shutil.rmtree(os.path.join(folder, "input"), ignore_errors=True)
    if os.path.isfile(os.path.join(folder, "truth.json")):
        os.remove(os.path.join(folder, "truth.json"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", help="folder to make; input/ and truth.json are written into it")
    parser.add_argument(
    "--force",
    action="store_true",
     help="write into a folder that holds other things; replaces input/ and truth.json")
    options = parser.parse_args()
    folder = options.output
    if os.path.isdir(folder) and os.listdir(folder):
        if not (options.force or is_own_output(folder)):
            print(f"{folder} is not empty and no earlier output; --force writes there all the same", file=sys.stderr)
            return 2
        remove_own_output(folder)
    os.makedirs(folder, exist_ok=True)
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    pydicom.config.settings.writing_validation_mode = pydicom.config.WARN
    truth, start = Truth(folder), time.monotonic()
    for part in (ct, ultrasound, radiography, mr, documents, oddities):
        part.make(truth)
    truth.save()
    size = sum(entry["bytes"] for entry in truth.files)
    print(f"{len(truth.files)} files, {size / 1e6:.1f} MB, in {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
