"""Fonts and images that training never saw, under whatever name.

The split of `Models/training` goes by font family and Study. Other weights of a design are files of other families, and
copies of a picture say that they belong to other Studies; what looks like something on training's side is left out here.
"""
from dataclasses import dataclass

import numpy as np

import backgrounds
from typefaces import CALIBRATION, EVALUATION, TRAINING, typefaces

#: Which pictures are reported together, by the manifest's modality.
MODALITIES = ("CT", "MR", "CR DX MG", "other")


@dataclass(frozen=True)
class Source:
    """A picture without text, and where it comes from."""
    path: str
    modality: str
    pixels: np.ndarray


def unseen_faces():
    """Fonts by design."""
    seen = typefaces(TRAINING, CALIBRATION, limit_per_family=1000)
    names, samples = {design(f) for f in seen}, [sample(f) for f in seen]
    result = {}
    for face in typefaces(EVALUATION):
        own = sample(face)
        if design(face) not in names and not any(alike(own, other) for other in samples):
            result.setdefault(design(face), []).append(face)
    return result


def design(face):
    """The name of all its weights, slants and widths."""
    if face.path.endswith((".jhf", ".pcf.gz")):
        return face.family
    from fontTools.ttLib import TTFont
    return TTFont(face.path, fontNumber=0, lazy=True)["name"].getBestFamilyName() or face.family


def sample(face):
    return face.mask("RagesQp 0258", 48)


def alike(one, other, limit=.8):
    """Whether two fonts draw nearly the same."""
    if one is None or other is None or abs(one.shape[0] - other.shape[0]) > 2:
        return False
    if abs(one.shape[1] - other.shape[1]) > .02 * one.shape[1] + 2:
        return False
    h, w = np.minimum(one.shape, other.shape)
    a, b = one[:h, :w].astype(float), other[:h, :w].astype(float)
    return np.minimum(a, b).sum() > limit * np.maximum(a, b).sum()


def unseen_pictures(corpus):
    """One of each picture on the side for evaluation that doesn't look like one that training has."""
    known = [backgrounds.seen_as(p) for _, p in backgrounds.real_pictures(corpus, TRAINING, CALIBRATION, every_rendering=False)]
    known += [backgrounds.seen_as(p[0]) for p in backgrounds.labelled_pictures(corpus, TRAINING, CALIBRATION)]
    result = []
    for row, picture in backgrounds.real_pictures(corpus, EVALUATION, every_rendering=False):
        small = backgrounds.seen_as(picture)
        if any(abs(float(small @ other)) > .99 for other in known):
            continue
        known.append(small)
        result.append(Source(row["path"], group(row["modality"]), picture))
    return result


def group(modality):
    return next((g for g in MODALITIES if modality and modality in g.split()), "other")
