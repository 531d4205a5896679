"""Pictures without text from elsewhere than the corpus, for training only: landscapes, plants, patterns, a head by CT, brains
and maps of them, out of Debian's packages (`debian-pictures.txt`, unpacked by `make train-pictures`). The corpus's own
pictures are few, and a network that has seen them often knows them by heart."""
import glob
import os
import tarfile

import numpy as np
from PIL import Image

from backgrounds import limited, renderings, seen_as

#: Where `make train-pictures` unpacks them.
FOLDER = ".build/training-pictures"
#: Parts of the names of pictures that hold letters, or nothing but a logo.
LETTERED = "symbolic-", "2004default", "focal-", "/mate/desktop/", "FlyingKonqui"
#: Those of the volumes of brains that differ from each other.
BRAINS = "HarvardOxford-cort-maxprob-thr0-1mm", "aal", "ch2", "ch2better", "inia19-NeuroMaps", "inia19-t1-brain"
#: Pictures of a volume along each of its axes.
SLICES = 8


def further_pictures(folder, seed=3):
    """All of them, as grey levels 0...255."""
    if not os.path.isdir(folder):
        raise SystemExit(f"no pictures in {folder}: make train-pictures unpacks them")
    rng = np.random.default_rng(seed)
    result = []

    def some(pictures):
        return [p for p in pictures if rng.random() < .4]

    for grey in photographs(folder):
        whole = limited(grey)
        result.append(whole)
        if min(grey.shape) > 1800:  # as it is, in part
            y, x = (int(rng.integers(0, n - 900)) for n in grey.shape)
            result.append(grey[y:y + 900, x:x + 900])
        result += some(renderings(whole, rng)[1:])
    for volume in volumes(folder):
        for axis in range(3):
            depth = volume.shape[axis]
            planes = [np.take(volume, int(depth * (i + 1) / (SLICES + 1)), axis) for i in range(SLICES)]
            for plane in planes + [volume.max(axis), volume.mean(axis)]:
                if min(plane.shape) >= 48:
                    shown = renderings(np.rot90(plane), rng)
                    result += shown[:1] + some(shown[1:])
    return [p for p in result if p.std() > 8]


def photographs(folder):
    """The largest of each picture that comes in several sizes, each picture once."""
    largest, known = {}, []
    for path in glob.glob(os.path.join(folder, "usr/share/**/*"), recursive=True):
        if path.endswith((".jpg", ".png", ".webp")) and not any(part in path for part in LETTERED):
            with Image.open(path) as image:
                size = min(image.size)
            group = os.path.dirname(path) if "/contents/" in path else path
            if size >= 700 and size > largest.get(group, (0, ""))[0]:
                largest[group] = size, path
    for _, path in sorted(largest.values(), key=lambda entry: entry[1]):
        with Image.open(path) as image:
            grey = np.asarray(image.convert("RGB").convert("L"))
        look = seen_as(grey)
        if not any(abs(float(look @ other)) > .98 for other in known):
            known.append(look)
            yield grey


def volumes(folder):
    """Heads and brains as they were measured, and maps of brains with a grey level of its own for each part."""
    import nibabel
    rng = np.random.default_rng(4)
    for name in BRAINS:
        volume = np.asarray(nibabel.load(os.path.join(folder, f"usr/share/mricron/templates/{name}.nii.gz")).dataobj)
        if volume.dtype.kind in "iu" and not name.startswith("ch2"):
            volume = np.concatenate([[0], rng.permutation(int(volume.max())) + 1])[volume.astype(int)]
        yield volume
    with tarfile.open(os.path.join(folder, "usr/share/doc/invesalius-examples/examples/Cranium.inv3")) as archive:
        data = next(archive.extractfile(m).read() for m in archive if m.name.endswith("/matrix.dat"))
    yield np.frombuffer(data, np.int16).reshape(108, 256, 256)
