"""Fits the weights by which a line is judged to be text, on pictures and fonts that the network was not trained on and
that nothing is measured on, and writes them as Swift.

    swift build -c release --product quench-bench
    python Models/training/judgement.py .build/release/quench-bench Sources/TextFinding/JudgementWeights.swift

Each line that the program considered in a picture is text where most of it lies on text, and isn't where nearly
nothing of it does. To be fitted again after every training of the network.
"""
import argparse
import json
import os
import subprocess
import tempfile

import numpy as np
import torch
from PIL import Image

import backgrounds
from scenes import Scenes
from typefaces import CALIBRATION, typefaces


def lines_of(program, scenes):
    """Measures and labels of all lines considered in scenes (picture, target and weight of its 4 x 4 cells)."""
    measures, labels = [], []
    with tempfile.TemporaryDirectory() as folder:
        targets, paths = [], []
        for i, (picture, target, weight) in enumerate(scenes):
            paths.append(os.path.join(folder, f"{i}.pgm"))
            Image.fromarray(picture).save(paths[-1])
            targets.append((target, weight))
        out = subprocess.run([program, "--evidence"], input="\n".join(paths), text=True, check=True,
                             stdout=subprocess.PIPE, env=dict(os.environ, OMP_THREAD_LIMIT="1")).stdout
    for line, (target, weight) in zip(out.splitlines(), targets):
        for x, y, w, h, *values in json.loads(line)["evidence"]:
            part = (slice(int(y) // 4, int(y + h + 3) // 4), slice(int(x) // 4, int(x + w + 3) // 4))
            if weight[part].mean() < .4:
                continue
            share = (target[part] * weight[part]).sum() / weight[part].sum()
            if share >= .4 or share < .08:
                measures.append(values)
                labels.append(share >= .4)
    return np.array(measures, np.float64), np.array(labels, np.float64)


def without_text(pictures, side=512):
    for picture in pictures:
        picture = np.ascontiguousarray(picture[:side, :side])
        cells = [-(-n // 4) for n in picture.shape]
        yield picture, np.zeros(cells, np.float32), np.ones(cells, np.float32)


#: So many of the measures are known before a line is read: `LineEvidence.names`.
BEFORE_READING = 14
#: Hidden units beside the weighed sum.
UNITS = 8


class Judgement(torch.nn.Module):
    """Log odds from measures brought to mean 0 and spread 1: a weighed sum, and a few hidden units."""

    def __init__(self, measures):
        super().__init__()
        self.middle, self.spread = measures.mean(0), measures.std(0) + 1e-6
        self.direct = torch.nn.Linear(measures.shape[1], 1).double()
        self.hidden = torch.nn.Linear(measures.shape[1], UNITS).double()
        self.out = torch.nn.Linear(UNITS, 1, bias=False).double()

    def forward(self, measures):
        x = (measures - self.middle) / self.spread
        return (self.direct(x) + self.out(torch.tanh(self.hidden(x))))[:, 0]

    def rows(self):
        """`JudgementModel`'s weights, for measures as they are."""
        def plain(layer):
            weight = layer.weight.detach() / self.spread
            return torch.cat([weight, (layer.bias.detach() - weight @ self.middle)[:, None]], 1)
        return plain(self.direct)[0].tolist(), torch.cat([plain(self.hidden), self.out.weight.detach().t()], 1).tolist()


def trained(x, y, steps=500):
    """Text counts twice, since missing it is worse."""
    torch.manual_seed(1)
    model = Judgement(x)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        optimiser.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x), y, weight=1 + y).backward()
        optimiser.step()
        schedule.step()
    return model


def fitted(measures, labels):
    """Fitted to all; the figures that are printed are of lines that the fit didn't see, a fifth at a time."""
    x, y = torch.from_numpy(measures), torch.from_numpy(labels)
    fold, odds = torch.arange(len(y)) * 5 // len(y), torch.zeros(len(y), dtype=torch.float64)
    for k in range(5):
        odds[fold == k] = trained(x[fold != k], y[fold != k])(x[fold == k]).detach()
    missed = {least: (round((odds[y == 1] < least).double().mean().item(), 4), round((odds[y == 0] >= least).double().mean().item(), 4))
              for least in (-2, -1, 0, 1, 2, 3)}
    print(f"{len(y)} lines, {int(y.sum())} of text; missed and wrong by least log odds: {missed}")
    return trained(x, y).rows()


def written(name, direct, units):
    def row(weights):
        return "[" + ", ".join(f"{w:.4f}" for w in weights) + "]"
    return (f"    static let {name} = JudgementModel(\n        direct: {row(direct)},\n        units: [\n"
            + "".join(f"            {row(unit)},\n" for unit in units) + "        ])\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("swift")
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--count", type=int, default=800)
    options = parser.parse_args()
    torch.set_num_threads(1)
    real = [p for _, p in backgrounds.real_pictures(options.corpus, CALIBRATION)]
    labelled = backgrounds.labelled_pictures(options.corpus, CALIBRATION)
    scenes = Scenes(real, labelled, typefaces(CALIBRATION), side=384, seed=4242, every_size=True)
    made = backgrounds.made_up_pictures(4343, options.count // 2, side=512)
    chosen = [scenes.scene() for _ in range(options.count)] + list(without_text(real + made))
    measures, labels = lines_of(options.program, chosen)
    unread, every = fitted(measures[:, :BEFORE_READING], labels), fitted(measures, labels)
    with open(options.swift, "w") as file:
        file.write("// Written by Models/training/judgement.py; not by hand.\n\n"
                   "/// The weights of `LineEvidence`, in the order of its names: before a line is read, and after.\nenum JudgementWeights {\n"
                   + written("unread", *unread) + written("all", *every) + "}\n")
    subprocess.run(["swift", "format", "--in-place", options.swift], check=True)


if __name__ == "__main__":
    main()
