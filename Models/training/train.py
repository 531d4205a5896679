"""Trains TextNet and writes its weights and manifest.

    python Models/training/train.py --corpus DIR --minutes 60 --out Models      (a night, or a GPU: --minutes 480)
    python Models/training/train.py --small --out /tmp/model                    (minutes on two cores; for tests)
"""
import argparse
import hashlib
import json
import math
import os
import time

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import backgrounds
from network import VERSION, TextNet, write_safetensors
from scenes import Scenes
from typefaces import typefaces


class Stream(IterableDataset):
    """New scenes, and between them earlier ones again: turned, mirrored, inverted, of another contrast.

    Drawing a scene takes longer than a training step with it.
    """

    def __init__(self, arguments, seed, repeats=0, memory=4000):
        self.arguments, self.seed, self.repeats, self.memory = arguments, seed, repeats, memory

    def __iter__(self):
        worker = get_worker_info()
        seed = self.seed + (worker.id if worker else 0)
        scenes, rng, kept = Scenes(*self.arguments, seed=seed), np.random.default_rng(seed + 1), []
        while True:
            scene = scenes.scene()
            yield self.sample(scene)
            if not self.repeats:
                continue
            small = tuple(a.astype(np.uint8) for a in scene)
            if len(kept) < self.memory:
                kept.append(small)
            else:
                kept[rng.integers(self.memory)] = small
            for _ in range(self.repeats):
                yield self.sample(changed(rng, kept[rng.integers(len(kept))]))

    @staticmethod
    def sample(scene):
        picture, target, weight = (np.ascontiguousarray(a, np.float32) for a in scene)
        return picture[None], target, weight


def changed(rng, scene):
    """A scene seen another way; mirrored text is text to a detector."""
    turns, mirrored = (0 if rng.random() < .5 else rng.integers(4)), rng.random() < .5
    picture, target, weight = (np.rot90(a[:, ::-1] if mirrored else a, turns) for a in scene)
    picture = picture.astype(np.float32)
    if rng.random() < .5:
        picture = 255 - picture
    if rng.random() < .6:
        middle = picture.mean()
        picture = (picture - middle) * rng.uniform(.5, 1.6) + middle + rng.uniform(-30, 30)
    if rng.random() < .2:
        picture = picture + rng.normal(0, rng.uniform(.5, 5), picture.shape).astype(np.float32)
    return np.clip(np.rint(picture), 0, 255), target, weight


def loss_of(logits, target, weight):
    """Cross entropy, in which cells that are already right count little, and a dice term for small lines."""
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    probability = torch.sigmoid(logits)
    wrong = (probability - target).abs()
    cells = (entropy * (0.1 + wrong) * weight).sum() / weight.sum()
    shared = (probability * target * weight).sum((1, 2))
    total = ((probability + target) * weight).sum((1, 2))
    dice = 1 - ((2 * shared + 20) / (total + 20)).mean()
    return 8 * cells + 0.5 * dice


def measured(network, batches):
    """Recall of text cells and share of other cells wrongly marked, on pictures and fonts that training never sees."""
    network.eval()
    hit = text = wrong = other = 0
    with torch.no_grad():
        for picture, target, weight in batches:
            marked = (network(picture) > 0).float()
            hit += (marked * target * weight).sum().item()
            text += (target * weight).sum().item()
            wrong += (marked * (1 - target) * weight).sum().item()
            other += ((1 - target) * weight).sum().item()
    network.train()
    return {"cell_recall": round(hit / max(text, 1), 5), "cells_wrong": round(wrong / max(other, 1), 5)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--out", default="Models")
    parser.add_argument("--minutes", type=float, default=480)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1, help="how often an earlier scene is shown for each new one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-3, help="of learning, at its highest")
    parser.add_argument("--start", help="a checkpoint to go on from")
    parser.add_argument("--small", action="store_true", help="two minutes, made-up backgrounds only")
    options = parser.parse_args()
    if options.small:
        options.minutes, options.batch = min(options.minutes, 2), 8
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(options.out, exist_ok=True)

    with_corpus = os.path.isdir(options.corpus) and not options.small
    sides = {}
    for evaluation in (False, True):
        real = [p for _, p in backgrounds.real_pictures(options.corpus, evaluation)] if with_corpus else []
        labelled = backgrounds.labelled_pictures(options.corpus, evaluation) if with_corpus else []
        faces = typefaces(evaluation)
        sides[evaluation] = (real, labelled, faces)
        print(f"{'evaluation' if evaluation else 'training'}: {len(real)} pictures without text, {len(labelled)} with, "
              f"{len(faces)} fonts of {len({f.family for f in faces})} families", flush=True)

    held = iter(DataLoader(Stream(sides[True], 99), batch_size=16))
    judge = [[t.to(device) for t in next(held)] for _ in range(2 if options.small else 16)]
    network = TextNet().to(device).to(memory_format=torch.channels_last)
    if options.start:
        network.load_state_dict(torch.load(options.start, map_location=device))
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    began, step, seen, last = time.time(), 0, 0, 0.0
    figures = {}

    def save():
        figures.update(measured(network, judge))
        print(f"{(time.time() - began) / 60:6.1f} min  step {step}  loss {smoothed:.4f}  {figures}", flush=True)
        torch.save(network.state_dict(), os.path.join(options.out, "textnet.checkpoint"))
        export(network, options, sides, figures, seen)

    smoothed = 1.0
    for picture, target, weight in DataLoader(Stream(sides[False], options.seed * 1000, options.repeats), batch_size=options.batch,
                                              num_workers=options.workers, persistent_workers=options.workers > 0):
        share = (time.time() - began) / (options.minutes * 60)
        if share >= 1:
            break
        rate = options.rate * min(1, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * share)) + 0.01)
        for group in optimiser.param_groups:
            group["lr"] = rate
        picture, target, weight = (t.to(device) for t in (picture, target, weight))
        loss = loss_of(network(picture), target, weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        smoothed = 0.98 * smoothed + 0.02 * loss.item()
        step, seen = step + 1, seen + len(picture)
        if time.time() - last > 300:
            last = time.time()
            save()
    save()


def export(network, options, sides, figures, seen):
    network.eval()
    path = os.path.join(options.out, "textnet.safetensors")
    write_safetensors(path + ".part", network.tensors(), {"version": VERSION, "format": "TextNet"})
    os.replace(path + ".part", path)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    manifest = {
        "name": "TextNet", "version": VERSION, "file": "textnet.safetensors", "sha256": digest,
        "weights": sum(t.numel() for t in network.tensors().values()),
        "training": {
            "seed": options.seed, "minutes": options.minutes, "crops": seen, "side": 256,
            "pictures_without_text": len(sides[False][0]), "pictures_with_text": len(sides[False][1]),
            "fonts": sorted({face.family for face in sides[False][2]}),
        },
        "evaluation": {
            "pictures_without_text": len(sides[True][0]), "pictures_with_text": len(sides[True][1]),
            "fonts": sorted({face.family for face in sides[True][2]}), **figures,
        },
    }
    with open(os.path.join(options.out, "textnet.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
    network.train()


if __name__ == "__main__":
    main()
