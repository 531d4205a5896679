"""Who looks for text: ours, Tesseract on full frames, and Presidio's DICOM redactor, on the same pictures."""
import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field

from PIL import Image

from speed import ENVIRONMENT, ROOT, dataset, save

OURS, TESSERACT, PRESIDIO = "Quench", "Tesseract", "Presidio"
#: What the default policy leaves in the picture.
KEPT = ("technical", "marker")


@dataclass
class Answer:
    """What one of them says about one picture."""
    #: x, y, width, height
    boxes: list
    #: Of the processor, without start-up.
    seconds: float
    #: For each box, whether it stays in the picture since its text is taken for harmless.
    kept: list = field(default_factory=list)


def saved(scenes, folder, name):
    paths = []
    for i, scene in enumerate(scenes):
        paths.append(os.path.join(folder, f"{name}-{i}.pgm"))
        Image.fromarray(scene.pixels).save(paths[-1])
    return paths


def ours(scenes, paths):
    requests = [json.dumps(dict(path=path, identifiers=[dict(kind=k, value=v) for k, v in scene.identifiers]))
                for scene, path in zip(scenes, paths)]
    out = subprocess.run([os.path.join(ROOT, ".build/release/quench-bench")], input="\n".join(requests), text=True,
                         stdout=subprocess.PIPE, check=True, env=ENVIRONMENT).stdout
    answers = [json.loads(line) for line in out.splitlines()]
    return [Answer(a["regions"], a["seconds"], [c in KEPT for c in a["categories"]]) for a in answers]


def tesseract(paths, folder):
    """All pictures in one process, so that the model is loaded once; that time is measured and taken off."""
    def run(files):
        listing = os.path.join(folder, "list.txt")
        with open(listing, "w") as file:
            file.write("\n".join(files) + "\n")
        before = os.times()
        subprocess.run(["tesseract", listing, os.path.join(folder, "out"), "--psm", "11", "tsv"], check=True,
                       capture_output=True, env=ENVIRONMENT)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    flat = os.path.join(folder, "flat.pgm")
    Image.new("L", (64, 64)).save(flat)
    start = run([flat])
    seconds = max(run(paths) - start, 0) / len(paths)
    pages = [[] for _ in paths]
    with open(os.path.join(folder, "out.tsv")) as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if fields[0] == "5" and fields[11].strip():
                pages[int(fields[1]) - 1].append([int(v) for v in fields[6:10]])
    return [Answer(boxes, seconds) for boxes in pages]


# MARK: - Presidio

#: Where a header holds what the benchmark knows; several values where a picture has several.
ATTRIBUTES = {
    "person-name": "PatientName", "other-person-name": "ReferringPhysicianName", "identifier": "PatientID",
    "accession-number": "AccessionNumber", "date": "PatientBirthDate", "time": "StudyTime", "institution": "InstitutionName",
    "address": "PatientAddress", "telephone": "PatientTelephoneNumbers",
}


def presidio(scenes, folder):
    """An answer for each picture, None where it was refused; None for all where it isn't installed."""
    if importlib.util.find_spec("presidio_image_redactor") is None:
        return None
    paths = [save(with_header(scene), os.path.join(folder, f"presidio-{i}.dcm")) for i, scene in enumerate(scenes)]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", os.path.join(ROOT, "Benchmarks", "presidio_peer.py"), *paths], text=True,
        stdout=subprocess.PIPE, check=True, env=ENVIRONMENT)
    answer = json.loads(done.stdout.splitlines()[-1])
    seconds = answer["seconds"] / max(1, answer["frames"])
    return [None if boxes is None else Answer(boxes, seconds) for boxes in answer["found"]]


def with_header(scene):
    data = dataset(scene.pixels[None], 8, "OT")
    data.SpecificCharacterSet = "ISO_IR 192"
    for kind, attribute in ATTRIBUTES.items():
        values = [v for k, v in scene.identifiers if k == kind]
        if values:
            setattr(data, attribute, values)
    return data
