"""Fits the weights by which a line is judged to be text, on training pictures and fonts, and writes them as Swift.

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
from typefaces import typefaces


def lines_of(program, scenes, count):
    """Measures and labels of all lines considered in `count` scenes."""
    measures, labels = [], []
    with tempfile.TemporaryDirectory() as folder:
        targets, paths = [], []
        for i in range(count):
            picture, target, weight = scenes.scene()
            paths.append(os.path.join(folder, f"{i}.pgm"))
            Image.fromarray(picture).save(paths[-1])
            targets.append((target, weight))
        out = subprocess.run([program, "--evidence"], input="\n".join(paths), text=True, check=True,
                             capture_output=True, env=dict(os.environ, OMP_THREAD_LIMIT="1")).stdout
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


def fitted(measures, labels):
    """Logistic regression, text counted twice since missing it is worse."""
    x, y = torch.from_numpy(measures), torch.from_numpy(labels)
    middle, spread = x.mean(0), x.std(0) + 1e-6
    weights = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=400, line_search_fn="strong_wolfe")

    def step():
        optimiser.zero_grad()
        odds = (x - middle) / spread @ weights[1:] + weights[0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, y, weight=1 + y)
        loss = loss + 1e-4 * (weights[1:] ** 2).sum()
        loss.backward()
        return loss

    loss = optimiser.step(step).item()
    scaled = weights[1:].detach() / spread
    bias = (weights[0] - (scaled * middle).sum()).item()
    odds = measures @ scaled.numpy() + bias
    wrong = {least: (round(float((odds[labels == 1] < least).mean()), 4), round(float((odds[labels == 0] >= least).mean()), 4))
             for least in (-1, 0, .5, 1, 2)}
    print(f"{len(labels)} lines, {int(labels.sum())} of text; loss {loss:.4f}; missed and wrong by least log odds: {wrong}")
    return bias, scaled.tolist()


def written(name, bias, weights):
    rows = [", ".join(f"{w:.4f}" for w in weights[i:i + 10]) for i in range(0, len(weights), 10)]
    return f"    static let {name}: (bias: Double, weights: [Double]) = (\n        {bias:.4f},\n        [\n" + "".join(
        f"            {row},\n" for row in rows) + "        ]\n    )\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("swift")
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--count", type=int, default=800)
    options = parser.parse_args()
    real = [p for _, p in backgrounds.real_pictures(options.corpus, False)]
    labelled = backgrounds.labelled_pictures(options.corpus, False)
    scenes = Scenes(real, labelled, typefaces(False), side=384, seed=4242, every_size=True)
    measures, labels = lines_of(options.program, scenes, options.count)
    every = fitted(measures, labels)
    with open(options.swift, "w") as file:
        file.write("// Written by Models/training/judgement.py; not by hand.\n\n"
                   "/// The weights of `LineEvidence`, in the order of its names.\nenum JudgementWeights {\n"
                   + written("all", *every) + "}\n")


if __name__ == "__main__":
    main()
