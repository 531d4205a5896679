#!/usr/bin/env python3
"""How long looking for text takes, beside decoding alone and beside Tesseract on full frames, on the same input.

    make bench-speed        (needs a corpus: QUENCH_CORPUS or ../shared/corpus)

One core each, processor time without start-up (the models are loaded before the clock starts; Tesseract's start is
measured on a blank picture and taken off). Inputs are made from pictures of the corpus that training never saw.
Tesseract reads the frames as 8-bit PGM files at full range with --psm 11.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Models", "training"))
import backgrounds  # noqa: E402
import typefaces  # noqa: E402

ENVIRONMENT = dict(os.environ, OMP_THREAD_LIMIT="1")


def dataset(pixels, bits, modality, colour=False):
    """A DICOM object of frames (frames x rows x columns [x 3])."""
    import pydicom
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid
    data = pydicom.Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = SecondaryCaptureImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.PatientID, data.PatientName, data.Modality = "BENCH", "Bench^Mark", modality
    data.Rows, data.Columns = pixels.shape[1:3]
    if len(pixels) > 1:
        data.NumberOfFrames = len(pixels)
    data.SamplesPerPixel = 3 if colour else 1
    data.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        data.PlanarConfiguration = 0
    data.BitsAllocated = 8 if bits == 8 else 16
    data.BitsStored, data.HighBit, data.PixelRepresentation = bits, bits - 1, 0
    data.PixelData = pixels.astype(np.uint8 if bits == 8 else np.uint16).tobytes()
    return data


def save(data, path):
    data.save_as(path, enforce_file_format=True)
    return path


def with_jpeg(data, frames, quality=85):
    """JPEG Baseline frames, 4:2:2, as ultrasound scanners store them."""
    import io
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEGBaseline8Bit
    items = []
    for frame in frames:
        out = io.BytesIO()
        Image.fromarray(frame).save(out, "JPEG", quality=quality, subsampling=1)
        items.append(out.getvalue())
    data.PixelData = encapsulate(items)
    data["PixelData"].is_undefined_length = True
    data.PhotometricInterpretation = "YBR_FULL_422"
    data.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return data


def resized(picture, shape):
    return np.asarray(Image.fromarray(picture).resize((shape[1], shape[0]), Image.BICUBIC), float)


def inputs(corpus, folder):
    """(name, files of one Series, grey pictures of its frames)."""
    from pydicom.uid import JPEG2000Lossless
    rng = np.random.default_rng(3)
    pictures = {}
    for row, picture in backgrounds.real_pictures(corpus, typefaces.CALIBRATION, typefaces.EVALUATION, every_rendering=False):
        pictures.setdefault(row["modality"], {}).setdefault(row["path"], picture)
    slices = [p for p in pictures["CT"].values() if min(p.shape) >= 256][:8]
    ct = []
    for i in range(16):  # twelve bits, a little noise, no slice like another
        values = resized(slices[i % len(slices)], (512, 512)) * 8 + 300
        ct.append(np.clip(np.where(values > 320, values + rng.normal(0, 6, values.shape), values), 0, 4095))
    shown = [(s / 16).astype(np.uint8) for s in ct]

    def series(name, change):
        paths = []
        for i, pixels in enumerate(ct):
            path = os.path.join(folder, f"{name}-{i}.dcm")
            save(dataset(pixels[None], 12, "CT"), path)
            paths.append(change(path))
        return paths

    def to_j2k(path):
        import pydicom
        data = pydicom.dcmread(path)
        data.compress(JPEG2000Lossless)
        return save(data, path)

    def to_jls(path):
        subprocess.run(["dcmcjpls", path, path + ".jls"], check=True)
        return path + ".jls"

    yield "CT 512 x 512, raw", series("raw", lambda p: p), shown
    yield "CT 512 x 512, JPEG 2000", series("j2k", to_j2k), shown
    yield "CT 512 x 512, JPEG-LS", series("jls", to_jls), shown

    scans = pictures.get("US") or pictures["MR"]
    scan = resized(next(iter(scans.values())), (560, 640))
    frames = np.zeros((200, 768, 1024, 3), np.uint8)
    banner = Image.new("L", (1024, 60))
    from PIL import ImageDraw, ImageFont
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 18)
    ImageDraw.Draw(banner).text((20, 20), "SPECIMEN, ANNA  ID 4711  12/03/1950  GENERAL HOSPITAL", font=font, fill=230)
    for i in range(len(frames)):
        moved = np.roll(scan, int(6 * np.sin(i / 9)), 0) * (1 + .05 * np.sin(i / 5)) + rng.normal(0, 4, scan.shape)
        frames[i, :60] = np.asarray(banner)[..., None]
        frames[i, 120:680, 190:830] = np.clip(moved, 0, 255)[..., None]
    cine = os.path.join(folder, "cine.dcm")
    save(with_jpeg(dataset(frames[:, :, :, :], 8, "US", colour=True), frames), cine)
    yield "US cine 1024 x 768, 200 frames", [cine], list(frames[:, :, :, 0])

    largest = max((p for m in ("DX", "CR", "MG", "CT") for p in pictures.get(m, {}).values()), key=lambda p: p.size)
    for name, shape, modality in (("radiograph 2k x 2k", (2048, 2048), "DX"), ("mammogram 4k x 5k", (5120, 4096), "MG")):
        values = np.clip(resized(largest, shape) * 16 + rng.normal(0, 12, shape), 0, 4095)
        path = save(dataset(values[None], 12, modality), os.path.join(folder, modality + ".dcm"))
        yield name, [path], [(values / 16).astype(np.uint8)]


def ours(paths, *options):
    out = subprocess.run([os.path.join(ROOT, ".build/release/quench-bench"), *options, "--speed", *paths], text=True,
                         capture_output=True, check=True, env=ENVIRONMENT).stdout
    return json.loads(out)


def tesseract(pictures, folder):
    """Processor seconds for all pictures without start-up, and peak memory in MB."""
    def run(files):
        listing = os.path.join(folder, "list.txt")
        with open(listing, "w") as file:
            file.write("\n".join(files) + "\n")
        process = subprocess.Popen(["tesseract", listing, os.path.join(folder, "out"), "--psm", "11", "tsv"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        peak = 0
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            with open(f"/proc/{process.pid}/status") as file:
                peak = max([peak] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
            time.sleep(.01)
        if status:
            raise SystemExit("tesseract failed")
        return usage.ru_utime + usage.ru_stime, peak / 1024

    paths = []
    for i, picture in enumerate(pictures):
        paths.append(os.path.join(folder, f"t{i}.pgm"))
        Image.fromarray(picture).save(paths[-1])
    blank = os.path.join(folder, "blank.pgm")
    Image.new("L", (64, 64)).save(blank)
    start = min(run([blank])[0] for _ in range(3))
    seconds, memory = run(paths)
    return max(seconds - start, 1e-6), memory, start


def presidio(paths):
    """None where it refuses the files or isn't installed."""
    done = subprocess.run([sys.executable, "-W", "ignore", os.path.join(ROOT, "Benchmarks", "presidio_peer.py"), *paths],
                          text=True, capture_output=True, env=ENVIRONMENT)
    answer = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else None
    return answer if answer and None not in answer["found"] else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", os.path.join(ROOT, "..", "shared", "corpus")))
    parser.add_argument("--out", default="bench-output")
    options = parser.parse_args()
    if not os.path.isdir(options.corpus):
        raise SystemExit(f"no corpus at {options.corpus}: set QUENCH_CORPUS")
    os.makedirs(options.out, exist_ok=True)
    results = []
    print(f"{'milliseconds a frame':32} {'decode':>8} {'inspect':>8} {'Tesseract':>10} {'Presidio':>9}   inspect/decode  "
          "inspect/Tesseract   MB: decode, inspect, Tesseract, Presidio")
    with tempfile.TemporaryDirectory() as folder:
        for name, paths, pictures in inputs(options.corpus, folder):
            decoding, inspection = ours(paths, "--decode"), ours(paths)
            few = pictures[::max(1, len(pictures) // 16)]
            peer, peer_memory, start = tesseract(few, folder)
            other = presidio(paths[:4])
            p = other["seconds"] * 1000 / other["frames"] if other else None
            d, i = (r["seconds"] * 1000 / r["frames"] for r in (decoding, inspection))
            t = peer * 1000 / len(few)
            results.append(dict(
                input=name, frames=inspection["frames"], decode_ms=d, inspect_ms=i, tesseract_ms=t, presidio_ms=p,
                tesseract_start_ms=start * 1000,
                regions=inspection["regions"], readings=inspection["readings"],
                megabytes=dict(decode=decoding["megabytes"], inspect=inspection["megabytes"], tesseract=peer_memory,
                               presidio=other["megabytes"] if other else None)))
            print(f"{name:32} {d:8.1f} {i:8.1f} {t:10.1f} {f'{p:9.1f}' if p else '  refused'}   {i / d:14.2f}  {i / t:17.2f}   "
                  f"{decoding['megabytes']:6.0f} {inspection['megabytes']:6.0f} {peer_memory:6.0f} "
                  f"{other['megabytes'] if other else 0:6.0f}", flush=True)
    print(f"Tesseract's start, which isn't counted: {results[0]['tesseract_start_ms']:.0f} ms a process")
    with open(os.path.join(options.out, "speed.json"), "w") as file:
        json.dump(results, file, indent=1)
    print(f"written: {options.out}/speed.json")


if __name__ == "__main__":
    main()
