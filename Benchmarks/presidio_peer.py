"""Presidio's DICOM redactor on files: a line of JSON with frames, processor seconds without start-up, how many boxes,
and the boxes of each file, null where it refused the file.

Its language model isn't on PyPI, so it runs with a blank one: it reads whole frames and looks for what the header and
its patterns name, but recognises no names by itself. That makes it faster than it would be.
"""
import json
import os
import sys
import tempfile

import pydicom
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine


def main():
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "en_blank")
        spacy.blank("en").to_disk(model)
        provider = NlpEngineProvider(nlp_configuration={
            "nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]})
        analyzer = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
        engine = DicomImageRedactorEngine(image_analyzer_engine=ImageAnalyzerEngine(analyzer_engine=analyzer))
        frames, found = 0, []
        before = os.times()
        for path in sys.argv[1:]:
            data = pydicom.dcmread(path)
            found.append(boxes_of(engine, data))
            if found[-1] is not None:
                frames += int(data.get("NumberOfFrames", 1))
        after = os.times()
    seconds = sum(after[i] - before[i] for i in range(4))
    with open("/proc/self/status") as file:
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    boxes = sum(len(f) for f in found if f)
    print(json.dumps(dict(frames=frames, boxes=boxes, seconds=seconds, megabytes=peak / 1024, found=found)))


def boxes_of(engine, data):
    try:
        _, boxes = engine.redact_and_return_bbox(data)
    except Exception as error:  # of many kinds, by what it doesn't support
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return None
    return [[int(box[key]) for key in ("left", "top", "width", "height")] for box in boxes]


if __name__ == "__main__":
    main()
