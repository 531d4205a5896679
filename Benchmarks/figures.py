"""All figures of one run, as they are stored and shown."""
import os
from dataclasses import asdict

import numpy as np

from engines import OURS, PRESIDIO, TESSERACT
from pictures import CLEAN_SETS, CONTRASTS, HEIGHTS, STORAGES
from scoring import FACTORS, cells, clean, groups, recall, scored, share
from unseen import MODALITIES

#: Name, what must be reached, what is aimed at, and whether more is better.
TARGETS = {
    "core": ("Lines found: 8 px and more, 10 % contrast and more, at right angles", .995, .9995, True),
    "hard": ("Lines found: one of 6 px, 4 % contrast, slanted", .95, .99, True),
    "area": ("Clean pictures: mean area flagged", .001, .0002, False),
    "flagged": ("Clean pictures with any region", .03, .005, False),
    "kept": ("Lines about a person taken for harmless", 0, 0, False),
}
#: The levels of each factor in order.
ORDERS = {
    "height": HEIGHTS, "contrast": CONTRASTS, "storage": STORAGES, "modality": MODALITIES, "polarity": ("light", "dark"),
    "turn": ("0°", "90°", "180°", "270°", "5–15°", "15–30°", "30–45°"),
}
GRIDS = (("height", "contrast"), ("height", "turn"))


def figures(sets, answers, peer):
    """- Parameter peer: Presidio's answers by the number of the picture with text; None where it isn't installed."""
    text, busy = (scored(sets[name], answers[name]) for name in ("text", "busy"))
    found = dict(
        pictures={name: len(scenes) for name, scenes in sets.items()},
        groups={**{name: recalls(scores) for name, scores in groups(text).items()},
                "busy ground: 40 % contrast, core else": recalls(busy)},
        factors={factor: table(text, factor) for factor in FACTORS},
        grids=[dict(factors=grid, cells=table(text, *grid)) for grid in GRIDS],
        clean={name: {engine: clean(sets[name], answers[name][engine]) for engine in (OURS, TESSERACT)}
               for name in CLEAN_SETS},
        personal=personal(text + busy), technical=kept([s for s in text + busy if not s.line.phrase.is_phi]),
        presidio=None if peer is None else beside(sets["text"], answers["text"], peer),
        seconds={name: {engine: mean_seconds(given) for engine, given in a.items()} for name, a in answers.items()},
        missed=[described(s, sets["text"]) for s in text if not s.found[OURS]],
    )
    found["headline"] = headline(found)
    return found


def recalls(scores):
    return {engine: recall(scores, engine) for engine in (OURS, TESSERACT)}


def table(scores, *factors):
    found = cells(scores, *factors)
    rank = lambda level: [ORDERS[f].index(v) for f, v in zip(factors, level)]
    return [dict(level=list(level), **recalls(found[level])) for level in sorted(found, key=rank)]


def kept(scores):
    return share(sum(s.is_kept for s in scores), len(scores))


def personal(scores):
    """Lines about a person that would stay in the picture though they were seen."""
    lines = [s for s in scores if s.line.phrase.is_phi]
    return {
        "all": kept(lines), **{name: kept(some) for name, some in by_header(lines).items()},
        "kept": [described(s) for s in lines if s.is_kept],
    }


def by_header(scores):
    return {"header knows": [s for s in scores if s.has_header], "header doesn't": [s for s in scores if not s.has_header]}


def beside(scenes, answers, peer):
    """Lines about a person and without a label, on the pictures that Presidio took: it masks nothing else."""
    numbers = [i for i, answer in peer.items() if answer is not None]
    chosen = {engine: [given[i] for i in numbers] for engine, given in {**answers, PRESIDIO: peer}.items()}
    lines = [s for s in scored([scenes[i] for i in numbers], chosen)
             if s.line.phrase.is_phi and not s.line.phrase.label]
    sides = by_header(lines)
    return dict(
        shown=len(peer), refused=len(peer) - len(numbers), seconds=mean_seconds(chosen[PRESIDIO]),
        recalls={name: {engine: recall(scores, engine) for engine in chosen} for name, scores in sides.items()})


def mean_seconds(answers):
    return float(np.mean([a.seconds for a in answers])) if answers else None


def described(score, scenes=None):
    """- Parameter scenes: to say from which picture the ground is."""
    line, (rows, columns) = score.line, score.line.part
    row = dict(
        asdict(score.combination), left=round(line.left, 2), text=line.phrase.text, font=os.path.basename(line.font),
        header=score.has_header, picture=score.picture, x=columns.start, y=rows.start)
    return row if scenes is None else dict(row, source=scenes[score.picture].source)


def headline(found):
    rows = [reached("core", found["groups"]["core"][OURS]), reached("hard", found["groups"]["hard"][OURS])]
    for name in CLEAN_SETS:
        figure = found["clean"][name][OURS]
        rows.append(reached("area", dict(share=figure["area"], count=figure["count"]), name))
        rows.append(reached("flagged", figure, name))
    figure = found["personal"]["all"]
    return rows + [reached("kept", dict(figure, share=figure["hits"]))]


def reached(target, figure, suffix=None):
    name, must, aim, is_more_better = TARGETS[target]
    value = figure["share"]
    meets = lambda limit: value is not None and (value >= limit if is_more_better else value <= limit)
    return dict(name=name + (f" ({suffix})" if suffix else ""), target=target, must=must, aim=aim, reached=value,
                low=figure.get("low"), high=figure.get("high"), count=figure["count"],
                meets="aim" if meets(aim) else "must" if meets(must) else "neither")
