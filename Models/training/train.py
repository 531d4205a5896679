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
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

import backgrounds
from network import GATE_AT, REACH, VERSION, TextNet, write_safetensors
from scenes import Scenes
from typefaces import EVALUATION, TRAINING, typefaces


class Stream(IterableDataset):
    """New scenes without end, half of them seen another way."""

    def __init__(self, arguments, seed):
        self.arguments, self.seed = arguments, seed

    def __iter__(self):
        worker = get_worker_info()
        seed = self.seed + (worker.id if worker else 0)
        scenes, rng = Scenes(*self.arguments, seed=seed), np.random.default_rng(seed + 1)
        while True:
            scene = scenes.scene()
            if rng.random() < .5:
                scene = changed(rng, scene)
            picture, target, weight = (np.ascontiguousarray(a, np.uint8) for a in scene)
            yield picture[None], target, weight


def changed(rng, scene):
    """A scene seen another way; mirrored text is text to a detector."""
    turns, mirrored = (0 if rng.random() < .3 else rng.integers(4)), rng.random() < .5
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


def entropy_of(logits, target, weight, importance=0.0):
    """Cross entropy, in which cells that are already right count little, and text counts more by `importance`."""
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    wrong = (torch.sigmoid(logits) - target).abs()
    return (entropy * (0.1 + wrong) * (1 + importance * target) * weight).sum() / weight.sum().clamp(min=1)


def loss_of(logits, target, weight):
    """Entropy of the cells and a dice term for small lines."""
    probability = torch.sigmoid(logits)
    shared = (probability * target * weight).sum((1, 2))
    total = ((probability + target) * weight).sum((1, 2))
    dice = 1 - ((2 * shared + 20) / (total + 20)).mean()
    return 8 * entropy_of(logits, target, weight, 0.5) + 0.5 * dice


def gate_targets(target, weight):
    """Cells of the gate hold text where one of their four does; where all are unclear, so are they."""
    text = F.max_pool2d(target[:, None], 2)[:, 0]
    return text, torch.maximum(F.max_pool2d(weight[:, None], 2)[:, 0] * text, -F.max_pool2d(-weight[:, None], 2)[:, 0])


def measured(network, batches):
    """On pictures and fonts that training never sees, of the 4 x 4 cells: recall of text, share of others wrongly
    marked; of the gate for some thresholds: share of the text that it lets pass, and of all."""
    network.eval()
    hit = text = wrong = other = 0
    passed = {at: [0, 0, 0] for at in (-3, -2, -1, 0)}
    with torch.no_grad():
        for picture, target, weight in batches:
            logits, gate, _ = network(picture)
            marked = (logits > 0).float()
            hit += (marked * target * weight).sum().item()
            text += (target * weight).sum().item()
            wrong += (marked * (1 - target) * weight).sum().item()
            other += ((1 - target) * weight).sum().item()
            cells, clear = gate_targets(target, weight)
            for at, counts in passed.items():
                mask = F.max_pool2d((gate > at).float()[:, None], 2 * REACH + 1, stride=1, padding=REACH)[:, 0]
                counts[0] += (mask * cells * clear).sum().item()
                counts[1] += (cells * clear).sum().item()
                counts[2] += mask.mean().item() / len(batches)
    network.train()
    return {"cell_recall": round(hit / max(text, 1), 5), "cells_wrong": round(wrong / max(other, 1), 5),
            "gate": {at: [round(a / max(b, 1), 5), round(share, 4)] for at, (a, b, share) in passed.items()}}


def hard_pictures(network, pictures, device, most=200):
    """Pictures without text, and smaller ones made of them, each with places that the network takes for text."""
    result = []
    network.eval()
    with torch.no_grad():
        for picture in pictures:
            for _ in range(3):
                height, width = (n // 8 * 8 for n in picture.shape)
                if min(height, width) < 64:
                    break
                tensor = torch.from_numpy(picture[:height, :width].astype(np.float32))[None, None].to(device)
                places = torch.nonzero(network(tensor)[0][0] > -1).cpu().numpy() * 4
                if len(places):
                    result.append((picture, places[::max(1, len(places) // most)]))
                picture = np.asarray(Image.fromarray(picture).resize((picture.shape[1] // 2, picture.shape[0] // 2), Image.BOX))
    network.train()
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--out", default="Models")
    parser.add_argument("--minutes", type=float, default=480)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-3, help="of learning, at its highest")
    parser.add_argument("--rounds", type=int, default=4, help="each shows what the last one took for text by mistake")
    parser.add_argument("--start", help="weights or a checkpoint to go on from")
    parser.add_argument("--whole", type=float, default=15, help="the last so many minutes in whole numbers, as the kernel computes")
    parser.add_argument("--bfloat", action="store_true", help="multiply in bfloat16: twice as fast where the processor can")
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
    for side in (TRAINING, EVALUATION):
        real = [p for _, p in backgrounds.real_pictures(options.corpus, side)] if with_corpus else []
        labelled = backgrounds.labelled_pictures(options.corpus, side) if with_corpus else []
        faces = typefaces(side)
        sides[side] = (real, labelled, faces)
        print(f"{side}: {len(real)} pictures without text, {len(labelled)} with, "
              f"{len(faces)} fonts of {len({f.family for f in faces})} families", flush=True)

    def batches(side, seed):
        drawn = iter(DataLoader(Stream(sides[side], seed), batch_size=16))
        return [[t.to(device).float() for t in next(drawn)] for _ in range(2 if options.small else 24)]

    judge = batches(EVALUATION, 99)
    network = TextNet().to(device).to(memory_format=torch.channels_last)
    if options.start:
        if options.start.endswith(".safetensors"):
            network.load(options.start, torch.cat([pictures for pictures, _, _ in batches(TRAINING, 98)]))
        else:
            network.load_state_dict(torch.load(options.start, map_location=device))
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    whole_from = 1 - options.whole / options.minutes if options.minutes > options.whole else 0.7
    began, step, seen, last = time.time(), 0, 0, 0.0
    figures, rng = {}, np.random.default_rng(options.seed)

    def save():
        figures.update(measured(network, judge))
        print(f"{(time.time() - began) / 60:6.1f} min  step {step}  loss {smoothed:.4f}  {figures}", flush=True)
        if network.steps is None:
            torch.save(network.state_dict(), os.path.join(options.out, "textnet.checkpoint"))
        else:
            export(network, options, sides, figures, seen)

    smoothed = 1.0
    for turn in range(options.rounds):
        made = backgrounds.made_up_pictures([options.seed + turn, 5], 40 if options.small else 700, side=256)
        hard = hard_pictures(network, sides[TRAINING][0] + made, device) if turn or options.start else []
        print(f"round {turn + 1}: {sum(len(places) for _, places in hard)} hard places in {len(hard)} pictures", flush=True)
        stream = Stream((*sides[TRAINING], hard), options.seed * 1000 + turn * 100)
        for picture, target, weight in DataLoader(stream, batch_size=options.batch, num_workers=options.workers):
            share = (time.time() - began) / (options.minutes * 60)
            if share * options.rounds >= turn + 1:
                break
            if network.steps is None and share >= whole_from:
                save()
                network.quantise([pictures for pictures, _, _ in batches(TRAINING, 97)])
                optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
                began_whole = step
            rate = options.rate * min(1, (step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * share)) + 0.01)
            if network.steps is not None:  # without normalisation it bears no great steps
                rate = min(rate, 0.1 * options.rate) * min(1, (step - began_whole + 1) / 100)
            for group in optimiser.param_groups:
                group["lr"] = rate
            picture, target, weight = (t.to(device).float() for t in (picture, target, weight))
            # Half of the steps see what the kernel sees where the gate rejects.
            mask_at = float(rng.uniform(-4, .5)) if rng.random() < .5 else None
            with torch.autocast(device, dtype=torch.bfloat16, enabled=options.bfloat):
                logits, gate, mask = network(picture, mask_at)
            seen_weight = weight if mask_at is None else weight * F.interpolate(mask.float(), scale_factor=2)[:, 0]
            loss = loss_of(logits.float(), target, seen_weight)
            loss = loss + 4 * entropy_of(gate.float(), *gate_targets(target, weight), 3.0)
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
    path, tensors = os.path.join(options.out, "textnet.safetensors"), network.tensors()
    write_safetensors(path + ".part", tensors, {"version": VERSION, "format": "TextNet", "gate": str(GATE_AT)})
    os.replace(path + ".part", path)
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    manifest = {
        "name": "TextNet", "version": VERSION, "file": "textnet.safetensors", "sha256": digest,
        "weights": sum(t.numel() for name, t in tensors.items() if name.endswith((".weight", ".bias"))),
        "training": {
            "seed": options.seed, "minutes": options.minutes, "crops": seen, "side": 256,
            "pictures_without_text": len(sides[TRAINING][0]), "pictures_with_text": len(sides[TRAINING][1]),
            "fonts": sorted({face.family for face in sides[TRAINING][2]}),
        },
        "evaluation": {
            "pictures_without_text": len(sides[EVALUATION][0]), "pictures_with_text": len(sides[EVALUATION][1]),
            "fonts": sorted({face.family for face in sides[EVALUATION][2]}), **figures,
        },
    }
    with open(os.path.join(options.out, "textnet.json"), "w") as file:
        json.dump(manifest, file, indent=1)
        file.write("\n")
    network.train()


if __name__ == "__main__":
    main()
