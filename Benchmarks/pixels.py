#!/usr/bin/env python3
"""How long masking takes and how much memory, beside the chain that users have today.

    make bench-pixels

The chain: gdcmconv --raw, a rectangle into every frame, gdcmconv --jpeg --lossy. Both mask the same banner on the same
JPEG ultrasound cine, one after the other, several times; the fastest run of each counts. Cines differ in sampling, in whose
Huffman tables they have (those of annex K, or ones made for each frame as `jpegtran -optimize` makes them), in restart
markers, and in how bright they are, since black is far from bright. Then Quench masks a native cine of 2 GB and encapsulated
ones of 1,000 frames, and proves each, and at last `quench clean` takes such cines through text finding, masking and
verification, to show that a worker's memory doesn't grow with a file. Inputs are made here. Wall clock on an otherwise idle
machine; start-up, reading, writing and, by Quench alone, bringing to disk included. Processor time as well, which other
work on the machine doesn't lengthen.
"""
import argparse
import glob
import io
import json
import os
import shutil
import subprocess
import tempfile
import time

import numpy as np
import pydicom
from PIL import Image, ImageDraw
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_pixel_data_frame
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, UltrasoundMultiFrameImageStorage, generate_uid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BENCH = os.path.join(ROOT, ".build/release/quench-bench")
QUENCH = os.path.join(ROOT, ".build/release/quench")
BANNER = (0, 0, 1024, 56)


def header(frames, rows, columns, syntax, photometric):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = UltrasoundMultiFrameImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = generate_uid()
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.PatientID, data.PatientName, data.Modality = "BENCH", "Bench^Mark", "US"
    data.is_little_endian, data.is_implicit_VR = True, False
    data.NumberOfFrames, data.Rows, data.Columns = frames, rows, columns
    data.SamplesPerPixel = 1 if photometric == "MONOCHROME2" else 3
    data.PhotometricInterpretation = photometric
    if data.SamplesPerPixel == 3:
        data.PlanarConfiguration = 0
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    return data


def scan(count, rows, columns, level=0, counted=False):
    """Speckle in a sector that moves a little, under a banner with text; `level` is added to all, as bright pages are.
    `counted`: another text beneath on each frame."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:rows, 0:columns]
    sector = (np.abs(x - columns / 2) < (y - 60) * .8) & (y > 70) & (y < rows - 40)
    speckle = rng.rayleigh(40, (rows, columns)) * sector
    for i in range(count):
        frame = np.clip(np.roll(speckle, int(8 * np.sin(i / 7)), 0) + rng.normal(0, 3, speckle.shape) * sector, 0, 255)
        picture = Image.fromarray(np.clip(frame + level, 0, 255).astype(np.uint8)).convert("RGB")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 0, columns, 55), fill=(20, 24, 40))
        draw.text((20, 20), "SPECIMEN, ANNA  ID 4711  12/03/1950  GENERAL HOSPITAL", fill=(230, 230, 230))
        if counted:
            draw.text((20, rows - 20), f"FRAME {i:05}", fill=(230, 230, 230))
        draw.rectangle((columns - 60, 100, columns - 40, 400), fill=(200, 90, 20))
        yield picture


def jpeg_cine(path, count, rows, columns, sampling=1, level=0, transform=(), different=100):
    """`sampling`: 0 is 4:4:4, 1 4:2:2, 2 4:2:0, None grey. `transform`: options of jpegtran. So many pictures differ, all
    where it is None, and then in their text too."""
    streams = []
    for picture in scan(min(count, different or count), rows, columns, level, counted=different is None):
        out = io.BytesIO()
        if sampling is None:
            picture.convert("L").save(out, "JPEG", quality=88)
        else:
            picture.save(out, "JPEG", quality=88, subsampling=sampling)
        stream = out.getvalue()
        if transform:
            stream = subprocess.run(["jpegtran", *transform], input=stream, stdout=subprocess.PIPE, check=True).stdout
        streams.append(stream)
    data = header(count, rows, columns, JPEGBaseline8Bit, "MONOCHROME2" if sampling is None else "YBR_FULL_422")
    data.PixelData = encapsulate([streams[i % len(streams)] for i in range(count)])
    data["PixelData"].is_undefined_length = True
    data.LossyImageCompression = "01"
    data.save_as(path, write_like_original=False)


def native_cine(path, gigabytes):
    frame = 1024 * 768 * 3
    count = int(gigabytes * 1e9) // frame
    data = header(count, 768, 1024, ExplicitVRLittleEndian, "RGB")
    data.save_as(path, write_like_original=False)
    pictures = [np.asarray(p).tobytes() for p in scan(4, 768, 1024)]
    with open(path, "ab") as file:
        file.write(b"\xe0\x7f\x10\x00OB\0\0" + (count * frame).to_bytes(4, "little"))
        for i in range(count):
            file.write(pictures[i % len(pictures)])
    return count


def rle_cine(path, count, different=100):
    data = header(min(count, different), 240, 320, ExplicitVRLittleEndian, "RGB")
    data.PixelData = b"".join(np.asarray(p).tobytes() for p in scan(data.NumberOfFrames, 240, 320))
    data.save_as(path, write_like_original=False)
    subprocess.run(["dcmcrle", path, path], check=True)
    data = pydicom.dcmread(path)
    streams = list(generate_pixel_data_frame(data.PixelData, data.NumberOfFrames))
    data.NumberOfFrames = count
    data.PixelData = encapsulate([streams[i % len(streams)] for i in range(count)])
    data["PixelData"].is_undefined_length = True
    data.save_as(path, write_like_original=False)


def measured(command):
    """Seconds, of the processor too, peak memory in MB, standard output. Memory is the program's own account: `ru_maxrss`
    remembers this one's."""
    start, before = time.perf_counter(), processor()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak = 0
    while process.poll() is None:
        try:
            with open(f"/proc/{process.pid}/status") as file:
                peak = max([peak] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
        except OSError:
            pass
        time.sleep(.01)
    if process.returncode:
        raise SystemExit(f"{os.path.basename(command[0])} failed")
    out = process.stdout.read()
    process.wait()
    return time.perf_counter() - start, processor() - before, peak / 1024, out


def processor(own=False):
    """Seconds that the programs that were waited for have had, or this one."""
    times = os.times()
    return times.user + times.system if own else times.children_user + times.children_system


def quench(source, target, box=BANNER, verify=False):
    if os.path.exists(target):
        os.remove(target)
    seconds, cpu, memory, out = measured([BENCH, *(["--verify"] if verify else []), "--mask", source, target, *map(str, box)])
    answer = json.loads(out)
    return seconds, cpu, answer["proofMegabytes"] if verify else answer["megabytes"], answer


def chain(source, folder):
    raw, target = os.path.join(folder, "raw.dcm"), os.path.join(folder, "chain.dcm")
    seconds, cpu, memory, _ = measured(["gdcmconv", "--raw", source, raw])
    start, before = time.perf_counter(), processor(own=True)
    data = pydicom.dcmread(raw, stop_before_pixels=True)
    size = os.path.getsize(raw)
    shape = (int(data.NumberOfFrames), data.Rows, data.Columns, data.SamplesPerPixel)
    pixels = np.memmap(raw, np.uint8, "r+", size - int(np.prod(shape)), shape)
    x, y, width, height = BANNER
    pixels[:, y:y + height, x:x + width] = (0, 128, 128) if data.PhotometricInterpretation.startswith("YBR") else 0
    pixels.flush()
    del pixels
    rectangles = time.perf_counter() - start
    cpu += processor(own=True) - before
    back, more_cpu, more, _ = measured(["gdcmconv", "--jpeg", "--lossy", "-q", "88", raw, target])
    return seconds + rectangles + back, cpu + more_cpu, max(memory, more), (seconds, rectangles, back), size, target


def whole_run(binary, source, folder):
    """Seconds of `quench clean`, and the largest peak of its workers in MB, text finding included; what it made."""
    output = os.path.join(folder, "cleaned")
    environment = dict(os.environ, XDG_CONFIG_HOME=os.path.join(folder, "config"))
    start, before = time.perf_counter(), processor()
    process = subprocess.Popen([binary, "clean", source, "--output", output], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=environment)
    peak = 0
    while process.poll() is None:
        # Any thread may have started them; what ends meanwhile has been seen before.
        for children in glob.glob(f"/proc/{process.pid}/task/*/children"):
            try:
                with open(children) as file:
                    workers = file.read().split()
                for worker in workers:
                    with open(f"/proc/{worker}/status") as file:
                        peak = max([peak] + [int(line.split()[1]) for line in file if line.startswith("VmHWM")])
            except OSError:
                pass
        time.sleep(.02)
    seconds = time.perf_counter() - start
    with open(os.path.join(output, "report", "report.json")) as file:
        decision = json.load(file)["instances"][0]["decision"]
    released = [os.path.join(path, name) for path, _, names in os.walk(os.path.join(output, "released")) for name in names]
    size = sum(map(os.path.getsize, released))
    shutil.rmtree(output)
    return seconds, processor() - before, peak / 1024, decision, size


CINES = (("4:2:2", {}), ("4:4:4", {"sampling": 0}), ("4:2:0", {"sampling": 2}), ("grey", {"sampling": None}),
         ("4:2:2, own tables", {"transform": ("-optimize",)}),
         ("4:2:2, own tables, bright", {"transform": ("-optimize",), "level": 120}),
         ("4:4:4, own tables, bright", {"sampling": 0, "transform": ("-optimize",), "level": 120}),
         ("4:2:0, own tables, bright, restarts", {"sampling": 2, "transform": ("-optimize", "-restart", "2"), "level": 120}),
         ("grey, own tables, bright", {"sampling": None, "transform": ("-optimize",), "level": 120}))


def row(name, seconds, cpu, memory, size, original, more=""):
    print(f"{name:44} {seconds:9.2f} s {cpu:9.2f} s {memory:8.0f} MB {size / 1e6:10.1f} MB  {size / original:6.3f}  {more}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--different", type=int, default=100, help="how many pictures differ in cines of whole runs")
    parser.add_argument("--binary", default=QUENCH, help="the program of whole runs")
    parser.add_argument("--part", choices=("all", "speed", "memory", "clean"), default="all")
    options = parser.parse_args()
    print(f"{'':44} {'wall':>11} {'processor':>11} {'memory':>11} {'file':>13}  {'of input':>8}")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        def at(name):
            return os.path.join(folder, name)
        if options.part in ("all", "speed"):
            print(f"JPEG Baseline 1024 x 768, {options.frames} frames")
        for title, form in CINES if options.part in ("all", "speed") else ():
            jpeg_cine(at("us.dcm"), options.frames, 768, 1024, **form)
            original = os.path.getsize(at("us.dcm"))
            ours, peers = [], []
            for _ in range(options.runs):
                ours.append(quench(at("us.dcm"), at("masked.dcm")))
                peers.append(chain(at("us.dcm"), folder))
            best, peer = min(ours, key=lambda r: r[0]), min(peers, key=lambda r: r[0])
            row(title + ": Quench", best[0], best[1], best[2], os.path.getsize(at("masked.dcm")), original)
            row("gdcmconv chain", *peer[:3], os.path.getsize(peer[5]), original,
                "decode {:.1f} s, rectangles {:.1f} s, encode {:.1f} s; ".format(*peer[3]) + f"{peer[4] / 1e6:.0f} MB on the way")
            print(f"{'':44} {peer[0] / best[0]:9.1f} x {peer[1] / best[1]:9.1f} x as long by the chain", flush=True)
            for name in ("raw.dcm", "chain.dcm", "masked.dcm", "us.dcm"):
                os.remove(at(name))

        def alone(name, source, box):
            size = os.path.getsize(source)
            seconds, cpu, memory, answer = quench(source, at("masked.dcm"), box, verify=True)
            row(name, answer["seconds"], cpu, memory, os.path.getsize(at("masked.dcm")), size,
                f"proof {answer['proofSeconds']:.1f} s, {'proven' if answer['proven'] else 'NOT PROVEN'}")
            os.remove(at("masked.dcm"))
            os.remove(source)

        if options.part in ("all", "memory"):
            frames = native_cine(at("native.dcm"), options.gigabytes)
            alone(f"native RGB 1024 x 768, {frames} frames", at("native.dcm"), BANNER)
            jpeg_cine(at("long.dcm"), 1000, 768, 1024)
            alone("JPEG Baseline 1024 x 768, 1000 frames", at("long.dcm"), BANNER)
            rle_cine(at("rle.dcm"), 1000)
            alone("RLE RGB 320 x 240, 1000 frames", at("rle.dcm"), (0, 0, 320, 56))

        def cleaned(name, source):
            size = os.path.getsize(source)
            seconds, cpu, memory, decision, released = whole_run(options.binary, source, folder)
            row("clean: " + name, seconds, cpu, memory, released, size, decision)
            os.remove(source)

        if options.part in ("all", "clean"):
            for count in (10, 1000):
                jpeg_cine(at("cine.dcm"), count, 768, 1024, different=options.different)
                cleaned(f"JPEG 1024 x 768, {count} frames", at("cine.dcm"))
            for count in (10, 5000):
                rle_cine(at("cine.dcm"), count, options.different)
                cleaned(f"RLE RGB 320 x 240, {count} frames", at("cine.dcm"))
            for count in (10, 5000):
                jpeg_cine(at("cine.dcm"), count, 240, 320, different=None)
                cleaned(f"JPEG 320 x 240, {count} different frames", at("cine.dcm"))
            frames = native_cine(at("native.dcm"), options.gigabytes)
            cleaned(f"native RGB 1024 x 768, {frames} frames", at("native.dcm"))


if __name__ == "__main__":
    main()
