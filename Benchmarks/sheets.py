"""Contact sheets for a developer to look at: lines that were missed, and regions where nothing is."""
import glob
import os

from PIL import Image, ImageDraw, ImageFont

from pictures import CLEAN_SETS
from scoring import scored

TILE, CAPTION, ACROSS, DOWN = (300, 150), 26, 5, 10
#: Regions shown of one picture without text.
MOST = 5


def write(folder, sets, answers):
    """The files written, in place of those of an earlier run. `answers` are ours, by set."""
    for old in glob.glob(os.path.join(folder, "missed-*.png")) + glob.glob(os.path.join(folder, "flagged-*.png")):
        os.remove(old)
    missed = [tile(sets[name][s.picture], s.line.part, answers[name][s.picture], described(s))
              for name in ("text", "busy") for s in scored(sets[name], {"": answers[name]}) if not s.found[""]]
    clean = [pair for name in CLEAN_SETS for pair in zip(sets[name], answers[name])]
    wrong = [tile(scene, (slice(y, y + h), slice(x, x + w)), answer, scene.source[-44:])
             for scene, answer in clean for x, y, w, h in answer.boxes[:MOST]]
    return sheets(os.path.join(folder, "missed"), missed) + sheets(os.path.join(folder, "flagged"), wrong)


def described(score):
    c = score.combination
    return f"{c.height} px {c.contrast} % {c.degrees}° {c.storage}{' busy' if c.busy else ''}\n{score.line.phrase.text}"


def tile(scene, part, answer, caption):
    """The surroundings of a place with our regions around it, and what it is."""
    rows, columns = part
    margin = max(12, min(60, rows.stop - rows.start))
    left, top = max(0, columns.start - margin), max(0, rows.start - margin)
    box = (left, top, min(scene.pixels.shape[1], columns.stop + margin), min(scene.pixels.shape[0], rows.stop + margin))
    scale = min(4, TILE[0] / (box[2] - box[0]), TILE[1] / (box[3] - box[1]))
    crop = Image.fromarray(scene.pixels).crop(box).convert("RGB")
    crop = crop.resize([max(1, int(n * scale)) for n in crop.size], Image.NEAREST if scale > 1 else Image.BOX)
    draw = ImageDraw.Draw(crop)
    for (x, y, w, h), is_kept in zip(answer.boxes, answer.kept):
        corners = [(x - left) * scale, (y - top) * scale, (x + w - left) * scale, (y + h - top) * scale]
        draw.rectangle(corners, outline="lime" if is_kept else "red")
    result = Image.new("RGB", (TILE[0], TILE[1] + CAPTION), "white")
    result.paste(crop, (0, CAPTION))
    ImageDraw.Draw(result).text((2, 0), caption, fill="black", font=ImageFont.truetype("DejaVuSans.ttf", 11))
    return result


def sheets(name, tiles):
    paths = []
    for first in range(0, len(tiles), ACROSS * DOWN):
        some = tiles[first:first + ACROSS * DOWN]
        sheet = Image.new("RGB", (ACROSS * (TILE[0] + 6), -(-len(some) // ACROSS) * (TILE[1] + CAPTION + 6)), "gray")
        for i, one in enumerate(some):
            sheet.paste(one, (i % ACROSS * (TILE[0] + 6), i // ACROSS * (TILE[1] + CAPTION + 6)))
        paths.append(f"{name}-{len(paths) + 1}.png")
        sheet.save(paths[-1])
    return paths
