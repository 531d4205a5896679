"""From answers to figures: which lines were found, how surely that is known, and which cells they belong to."""
import math
from dataclasses import dataclass, field

import numpy as np

#: A line is found where regions cover this share of its ink.
FOUND = .9


@dataclass
class Score:
    """One line, and what became of it."""
    picture: int
    line: object
    combination: object
    has_header: bool
    found: dict = field(default_factory=dict)
    #: Seen, and left in the picture since it is taken for harmless; nine tenths of it at least.
    is_kept: bool = False


def scored(scenes, answers):
    """A score for each line. `answers` holds a list for each engine, with None where it gave no answer."""
    result = []
    for i, scene in enumerate(scenes):
        given = {engine: found[i] for engine, found in answers.items() if found[i]}
        covers = {engine: (cover(scene, answer), cover(scene, answer, True)) for engine, answer in given.items()}
        for line in scene.lines:
            score = Score(i, line, scene.combination, bool(scene.identifiers))
            least = FOUND * line.ink.sum()
            for engine, (anything, masked) in covers.items():
                seen, hidden = anything[line.part] & line.ink, masked[line.part] & line.ink
                score.found[engine] = bool(seen.sum() >= least)
                score.is_kept |= bool((seen & ~hidden).sum() >= least)
            result.append(score)
    return result


def cover(scene, answer, masked_only=False):
    """Where regions are, or those that are to be masked. Only ours tells them apart."""
    covered = np.zeros(scene.pixels.shape, bool)
    kept = answer.kept or [False] * len(answer.boxes)
    for (x, y, w, h), is_kept in zip(answer.boxes, kept):
        if not (masked_only and is_kept):
            covered[max(0, y):max(0, y + h), max(0, x):max(0, x + w)] = True
    return covered


def wilson(hits, count, z=1.96):
    """The 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    share, spread = hits / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def share(hits, count):
    low, high = wilson(hits, count)
    return dict(hits=hits, count=count, share=hits / count if count else None, low=low, high=high)


def recall(scores, engine):
    answered = [s for s in scores if engine in s.found]
    return share(sum(s.found[engine] for s in answered), len(answered))


# MARK: - Cells

def turn(combination):
    if not combination.is_slanted:
        return f"{combination.degrees:.0f}°"
    slant = abs(combination.degrees)
    return "5–15°" if slant < 15 else "15–30°" if slant < 30 else "30–45°"


FACTORS = {
    "height": lambda c: c.height, "contrast": lambda c: c.contrast, "turn": turn,
    "polarity": lambda c: "light" if c.light else "dark", "storage": lambda c: c.storage, "modality": lambda c: c.modality,
}
#: What makes a combination hard; a core one is none of these.
HARDNESSES = {
    "height": lambda c: c.height < 8, "contrast": lambda c: c.contrast < 10, "turn": lambda c: c.is_slanted,
}


def hardness(combination, leaving_out=()):
    return sum(is_hard(combination) for name, is_hard in HARDNESSES.items() if name not in leaving_out)


def cells(scores, *factors):
    """Scores by level of one or two factors, all else being core."""
    result = {}
    for score in scores:
        if not hardness(score.combination, factors):
            result.setdefault(tuple(FACTORS[f](score.combination) for f in factors), []).append(score)
    return result


def groups(scores):
    """The groups of lines that the targets are about, and what they are made of."""
    by_number = lambda n: [s for s in scores if hardness(s.combination) == n]
    single = by_number(1)
    only = lambda name: [s for s in single if HARDNESSES[name](s.combination)]
    unworn = lambda scores: [s for s in scores if s.line.left >= .75]
    return {
        "core": by_number(0), "core, and storage left three quarters of the contrast": unworn(by_number(0)),
        "hard": single, "hard, and storage left three quarters of the contrast": unworn(single),
        "hard: 6 px alone": only("height"), "hard: 4 % alone": only("contrast"), "hard: slanted alone": only("turn"),
        "two or three of these at once": by_number(2) + by_number(3),
    }


# MARK: - Pictures without text

def clean(scenes, answers):
    """How much is flagged where there is nothing."""
    areas = [float(cover(scene, answer).mean()) for scene, answer in zip(scenes, answers)]
    return dict(
        share(sum(a > 0 for a in areas), len(areas)), area=float(np.mean(areas)),
        flagged=[dict(source=s.source, area=a, regions=len(answer.boxes))
                 for s, answer, a in zip(scenes, answers, areas) if a > 0])
