#!/usr/bin/env python3
"""How long de-identifying headers takes, beside other tools on the same files in the same run.

    make bench-header        (needs a corpus: QUENCH_CORPUS or ../shared/corpus)

Every tool reads, de-identifies and writes all files in one process. Processor time; for tools in Python without
importing them, for the others with their start, which is one for all files. Two sets: CT and MR slices as they are, and
the same without Pixel Data, where only the header counts: ten times as many, so that starting the program is not most
of it. What the tools do differs: gdcmanon encrypts what it removes
(and is measured in its dumb mode as well), dcmodify and dumb gdcmanon erase the listed Attributes at root level only.
"""
import argparse
import contextlib
import io
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / ".build" / "release" / "quench-bench"
SERIES = ["plain/neurolabusc+dcm_qa_ct/GE", "plain/commontk+CTKData/Data/DICOM/MRHEAD"]
OPTIONS = ["clean-descriptors", "clean-structured-content", "clean-graphics", "retain-safe-private",
           "retain-device-identity", "retain-longitudinal-modified-dates"]
# What dcmodify and dumb gdcmanon erase: the Attributes of the Basic Profile that these files have at root level.
ERASED = """0008,0012 0008,0013 0008,0020 0008,0021 0008,0022 0008,0023 0008,0030 0008,0031 0008,0032 0008,0033 0008,0050
0008,0080 0008,0081 0008,0090 0008,1010 0008,1030 0008,103e 0008,1040 0008,1048 0008,1050 0008,1060 0008,1070 0008,1080
0008,1110 0008,1140 0008,2112 0010,0010 0010,0020 0010,0030 0010,0040 0010,1000 0010,1010 0010,1030 0010,21b0 0010,4000
0018,1000 0018,1030 0020,0010 0020,4000 0032,1060 0040,0244 0040,0245 0040,0253 0040,0254 0040,0275""".split()


class Spent(float):
    """Processor seconds; `own` are those without the system's part, which making files is most of and the disk's other work
    changes tenfold."""
    own = 0.0

    @classmethod
    def between(cls, before, after):
        spent = cls(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        spent.own = after.ru_utime - before.ru_utime
        return spent


def child(command, stdin=None):
    """Processor seconds of a command, and what it printed; None where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    spent = Spent.between(before, resource.getrusage(resource.RUSAGE_CHILDREN))
    return (spent, done.stdout) if done.returncode == 0 else (None, done.stderr[-300:])


def inputs(folder, corpus, repeats, with_pixels):
    """Copies of the series, so that there is something to measure; no two of them one file."""
    import pydicom
    files = [f for series in SERIES for f in sorted((corpus / series).iterdir())]
    folder.mkdir()
    paths = []
    for number, file in enumerate(files):
        data = pydicom.dcmread(file)
        if not with_pixels:
            del data.PixelData
        for repeat in range(repeats):
            paths.append(folder / f"{number:03}-{repeat:03}.dcm")
            data.save_as(paths[-1])
    return paths


def quench(paths, folder, options=()):
    command = [str(BENCH), "--header", str(folder), *options]
    seconds, printed = child(command, "\n".join(map(str, paths)) + "\n")
    if seconds is None:
        sys.exit(printed)
    return seconds, json.loads(printed)


def floor(paths, folder):
    """Processor microseconds an instance of reading and writing its bytes and nothing else, in this process."""
    before = time.process_time()
    for path in paths:
        source = os.open(path, os.O_RDONLY)
        target = os.open(folder / path.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(target, os.read(source, os.fstat(source).st_size))
        os.close(source)
        os.close(target)
    return 1e6 * (time.process_time() - before) / len(paths)


def gdcmanon(paths, folder, scratch):
    certificate, key = scratch / "certificate.pem", scratch / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bench", "-days", "2",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return child(["gdcmanon", "-e", "-c", str(certificate), "-i", str(paths[0].parent), "-o", str(folder),
                  "-r", "--continue"])[0]


def gdcmanon_dumb(paths, folder):
    erased = [word for tag in ERASED for word in ("--remove", tag)]
    return child(["gdcmanon", "--dumb", *erased, "-i", str(paths[0].parent), "-o", str(folder), "-r", "--continue"])[0]


def dcmodify(paths, folder):
    """It changes files in place, so that they are copied before the clock starts."""
    copies = [shutil.copy(path, folder) for path in paths]
    erased = [word for tag in ERASED for word in ("-ea", f"({tag})")]
    return child(["dcmodify", "-nb", "-imt", "-ep", "-gin", *erased, *copies])[0]


def dicognito(paths, folder):
    import pydicom
    from dicognito.anonymizer import Anonymizer
    anonymizer = Anonymizer()

    def run():
        for path in paths:
            data = pydicom.dcmread(path)
            anonymizer.anonymize(data)
            data.save_as(folder / path.name)
    return run


def dicom_anonymizer(paths, folder):
    from dicomanonymizer import anonymize_dicom_file

    def run():
        for path in paths:
            anonymize_dicom_file(str(path), str(folder / path.name))
    return run


def deid(paths, folder):
    from deid.config import DeidRecipe
    from deid.dicom import get_identifiers, replace_identifiers
    files = [str(path) for path in paths]
    recipe = DeidRecipe(deid="dicom")

    def run():
        identifiers = get_identifiers(files)
        replace_identifiers(dicom_files=files, deid=recipe, ids=identifiers, save=True, output_folder=str(folder),
                            overwrite=True, remove_private=True)
    return run


def in_python(make, paths, folder):
    """Processor seconds without imports; None and a reason where the tool fails."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            run = make(paths, folder)
            before = resource.getrusage(resource.RUSAGE_SELF)
            run()
            return Spent.between(before, resource.getrusage(resource.RUSAGE_SELF))
    except Exception as error:  # a peer that can't do it is reported, not hidden
        print(f"  {make.__name__}: {type(error).__name__}", file=sys.stderr)
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=10, help="copies of each file; ten times as many without Pixel Data")
    options = parser.parse_args()
    corpus = pathlib.Path(os.environ.get("QUENCH_CORPUS", ROOT.parent / "shared" / "corpus"))
    if not corpus.is_dir():
        sys.exit("bench-header needs a corpus: QUENCH_CORPUS or ../shared/corpus")
    warnings.simplefilter("ignore")
    # ext4 looks long for room where files were deleted seconds ago: so what is small comes first.
    for name, with_pixels in (("CT and MR slices without Pixel Data", False), ("the same with Pixel Data", True)):
        with tempfile.TemporaryDirectory(dir=ROOT / ".build") as scratch:
            scratch = pathlib.Path(scratch)
            repeats = options.repeats if with_pixels else 10 * options.repeats
            paths = inputs(scratch / "input", corpus, repeats, with_pixels)

            def folder(tool):
                """Empty, on a disk that has nothing left to do for the tool before."""
                (scratch / tool).mkdir()
                os.sync()
                return scratch / tool
            seconds, steps = quench(paths, folder("quench"))
            start = seconds - sum(steps[step] for step in ("read", "deidentify", "write"))
            _, swept = quench(paths, folder("quench-sweep"), ["--sweep"])
            cleaned, clean_steps = quench(paths, folder("quench-options"), OPTIONS)
            rows = [("quench-bench --header", seconds), ("  with six options", cleaned),
                    ("gdcmanon", gdcmanon(paths, folder("gdcmanon"), scratch)),
                    ("gdcmanon --dumb", gdcmanon_dumb(paths, folder("gdcmanon-dumb"))),
                    ("dcmodify", dcmodify(paths, folder("dcmodify")))]
            for make in (dicognito, dicom_anonymizer, deid):
                rows.append((make.__name__.replace("_", "-"), in_python(make, paths, folder(make.__name__))))
            size = sum(path.stat().st_size for path in paths) / len(paths) / 1024
            print(f"\n{name}: {len(paths)} instances of {size:.0f} KiB   {'instances/s':>12}   times quench's time   own µs each")
            for tool, spent in rows:
                figure = (f"{len(paths) / spent:12.0f}   {spent / seconds:19.1f}   {1e6 * spent.own / len(paths):11.0f}"
                          if spent else "     refuses")
                print(f"  {tool:46} {figure}")
            print(f"  of quench's processor seconds, start and all but the three steps: {start:.3f} of {seconds:.3f}")
            for label, step in (("quench", steps), ("with six options", clean_steps)):
                each = {key: 1e6 * step[key] / step["instances"] for key in ("read", "deidentify", "write")}
                print(f"  {label}, microseconds an instance: " + ", ".join(f"{k} {v:.0f}" for k, v in each.items()))
            each = {key: 1e6 * swept[key] / swept["instances"] for key in ("patterns", "sweep")}
            print("  residual sweep, microseconds an instance, in none of the above: "
                  + ", ".join(f"{k} {v:.0f}" for k, v in each.items()))
            print(f"  the files copied by one read and one write each, as a floor: {floor(paths, folder('copies')):.0f}")


if __name__ == "__main__":
    main()
