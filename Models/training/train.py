"""Trains one network and writes its weights and manifest; `together.py` makes the model of several.

    python Models/training/train.py --corpus DIR --minutes 60 --seed 1 --out .build/textnet-1   (a night, or a GPU: --minutes 480)
    python Models/training/train.py --small --out /tmp/model                                    (minutes on two cores; for tests)
"""
import argparse
import hashlib
import json
import math
import multiprocessing
import os
import time

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

import backgrounds
import further
from network import GATE_AT, REACH, STRIDE, VERSION, TextNet, write_safetensors
from pack import unpacked
from scenes import Scenes
from typefaces import EVALUATION, TRAINING, typefaces


#: Scenes that are made and handed on together.
GROUP = 16
#: Pixels, of the scenes.
SIDE = 256


def group(scenes):
    """`GROUP` scenes: their pictures, their targets, their weights."""
    made = zip(*(scenes.scene() for _ in range(GROUP)))
    return tuple(np.stack([np.asarray(part, np.uint8) for part in parts]) for parts in made)


class Makers:
    """Processes that make scenes, `GROUP` at a time."""

    def __init__(self, count, arguments, seed, hard_share):
        context = multiprocessing.get_context("fork")
        self.made = context.Queue(4 * count)
        self.processes = [context.Process(target=self.work, args=(arguments, seed + i, hard_share), daemon=True) for i in range(count)]
        for process in self.processes:
            process.start()

    def work(self, arguments, seed, hard_share):
        torch.set_num_threads(1)
        scenes = Scenes(*arguments, side=SIDE, seed=seed, hard_share=hard_share)
        while True:
            self.made.put(group(scenes))

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.join()


class Pool:
    """The last scenes that were made, each shown again and again, never twice alike."""

    def __init__(self, size, device):
        self.device, self.size, self.made = device, size, 0
        shapes = (SIDE, SIDE), (SIDE // STRIDE,) * 2, (SIDE // STRIDE,) * 2
        self.parts = [torch.empty((size, *shape), dtype=torch.uint8, device=device) for shape in shapes]

    def add(self, scenes):
        count = len(scenes[0])
        places = (torch.arange(count) + self.made) % self.size
        for part, values in zip(self.parts, scenes):
            part[places.to(self.device)] = torch.from_numpy(values).to(self.device)
        self.made += count

    def batch(self, size):
        chosen = torch.randint(min(self.made, self.size), (size,), device=self.device)
        return changed(*(part[chosen].float() for part in self.parts))


def changed(picture, target, weight):
    """Scenes seen another way; mirrored text is text to a detector."""
    count, device = len(picture), picture.device
    ways = torch.multinomial(torch.tensor([.37] + [.09] * 7), count, replacement=True).to(device)
    for way in range(1, 8):
        same = ways == way
        for part in (picture, target, weight):
            turned = torch.rot90(part[same], way % 4, (1, 2))
            part[same] = turned.flip(2) if way >= 4 else turned
    draw = lambda low, high: torch.empty((count, 1, 1), device=device).uniform_(low, high)
    some = lambda share: (torch.rand((count, 1, 1), device=device) < share).float()
    picture = torch.lerp(picture, 255 - picture, some(.3))
    middle = picture.mean((1, 2), keepdim=True)
    stretched = (picture - middle) * draw(.5, 1.6) + middle + draw(-30, 30)
    picture = torch.lerp(picture, stretched, some(.4))
    picture = picture + torch.randn_like(picture) * draw(.5, 5) * some(.15)
    return picture.round().clamp(0, 255)[:, None], target, weight


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


class Learner:
    """A network and what it takes to train it."""

    def __init__(self, network, options, device):
        self.network, self.options, self.device = network.to(device).to(memory_format=torch.channels_last), options, device
        self.rng, self.step, self.whole_since, self.smoothed = np.random.default_rng(options.seed), 0, None, 1.0
        self.optimiser = self.new_optimiser()

    def new_optimiser(self):
        return torch.optim.AdamW(self.network.parameters(), lr=self.options.rate, weight_decay=1e-2)

    def begin_whole(self, batches):
        """From now on in whole numbers, as the kernel computes."""
        self.network.quantise(batches)
        self.optimiser, self.whole_since = self.new_optimiser(), self.step

    def rate(self, share):
        rate = self.options.rate * min(1, (self.step + 1) / 100) * (0.5 * (1 + math.cos(math.pi * share)) + 0.01)
        if self.whole_since is not None:  # without normalisation it bears no great steps
            rate = min(rate, 0.2 * self.options.rate) * min(1, (self.step - self.whole_since + 1) / 100)
        return rate

    def learn(self, picture, target, weight, share):
        """One step, when this share of the time has passed."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate(share)
        # Half of the steps see what the kernel sees where the gate rejects.
        mask_at = float(self.rng.uniform(-4, .5)) if self.rng.random() < .5 else None
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.options.bfloat):
            logits, gate, mask = self.network(picture, mask_at)
        seen = weight if mask_at is None else weight * F.interpolate(mask.float(), scale_factor=2)[:, 0]
        loss = loss_of(logits.float(), target, seen) + 4 * entropy_of(gate.float(), *gate_targets(target, weight), 3.0)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        if self.step % 20 == 0:
            self.smoothed = 0.7 * self.smoothed + 0.3 * loss.item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--pictures", default=further.FOLDER, help="where `make train-pictures` unpacked those from elsewhere")
    parser.add_argument("--packed", help="what pack.py made, in place of a corpus and installed fonts")
    parser.add_argument("--out", default=".build/textnet")
    parser.add_argument("--minutes", type=float, default=480)
    parser.add_argument("--batch", type=int, help="by default 256 on a GPU, 16 elsewhere")
    parser.add_argument("--workers", type=int, help="that make scenes; by default one for each core but one")
    parser.add_argument("--pool", type=int, help="scenes kept; by default 400,000 on a GPU (30 GB), 4,000 elsewhere")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-3, help="of learning, at its highest")
    parser.add_argument("--rounds", type=int, default=4, help="each shows what the last one took for text by mistake")
    parser.add_argument("--hard", type=float, default=.2, help="the share of grounds that show such a mistake")
    parser.add_argument("--hard-pictures", type=int, help="look for mistakes in so many pictures; by default in all")
    parser.add_argument("--start", help="weights or a checkpoint to go on from")
    parser.add_argument("--whole", type=float, default=.25, help="the last share of the time in whole numbers, as the kernel computes")
    parser.add_argument("--bfloat", action="store_true", help="multiply in bfloat16: twice as fast where the processor can")
    parser.add_argument("--small", action="store_true", help="two minutes, made-up backgrounds only")
    options = parser.parse_args()
    if options.small:
        options.minutes, options.batch, options.pool = min(options.minutes, 2), 8, 500
    device = "cuda" if torch.cuda.is_available() else "cpu"
    options.batch = options.batch or (256 if device == "cuda" else 16)
    options.pool = options.pool or (400_000 if device == "cuda" else 4_000)
    options.workers = options.workers or max(1, (os.cpu_count() or 2) - 1)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)

    corpus = options.corpus if os.path.isdir(options.corpus) and not options.small else None
    sides = {}
    for side in (TRAINING, EVALUATION):
        sides[side] = unpacked(options.packed, side) if options.packed else at_home(corpus, options.pictures, side)
        real, labelled, faces = sides[side]
        print(f"{side}: {len(real)} pictures without text, {len(labelled)} with, "
              f"{len(faces)} fonts of {len({f.family for f in faces})} families", flush=True)
    train(options, sides, device)


def at_home(corpus, elsewhere, side):
    """Pictures without text, labelled ones, and fonts of a side."""
    if not corpus:
        return [], [], typefaces(side)
    real = [p for _, p in backgrounds.real_pictures(corpus, side)]
    if side == TRAINING:
        real += further.further_pictures(elsewhere)
    return real, backgrounds.labelled_pictures(corpus, side), typefaces(side)


def train(options, sides, device):
    def batches(side, seed):
        scenes = Scenes(*sides[side], side=SIDE, seed=seed)
        drawn = [group(scenes) for _ in range(2 if options.small else 24)]
        return [[torch.from_numpy(part).to(device).float() for part in (p[:, None], t, w)] for p, t, w in drawn]

    judge, familiar = batches(EVALUATION, 99), [pictures for pictures, _, _ in batches(TRAINING, 97)]
    network = TextNet()
    if options.start:
        if options.start.endswith(".safetensors"):
            network.to(device).load(options.start, torch.cat(familiar))
        else:
            network.load_state_dict(torch.load(options.start, map_location=device))
    learner, pool = Learner(network, options, device), Pool(options.pool, device)
    began, last, figures = time.time(), 0.0, {}

    def save():
        figures.update(measured(network, judge))
        print(f"{(time.time() - began) / 60:6.1f} min  {pool.made} scenes  step {learner.step}  loss {learner.smoothed:.4f}  {figures}", flush=True)
        if network.steps is None:
            torch.save(network.state_dict(), os.path.join(options.out, "textnet.checkpoint"))
        else:
            export(network, options, sides, figures, pool.made, learner.step)

    for turn in range(options.rounds):
        made = backgrounds.made_up_pictures([options.seed + turn, 5], 40 if options.small else 700, side=SIDE)
        without = sides[TRAINING][0] + made
        some = learner.rng.permutation(len(without))[:options.hard_pictures]
        hard = hard_pictures(network, [without[i] for i in some], device) if turn or options.start else []
        print(f"round {turn + 1}: {sum(len(places) for _, places in hard)} hard places in {len(hard)} pictures", flush=True)
        makers = Makers(options.workers, (*sides[TRAINING], hard), options.seed * 1000 + turn * 100, options.hard)
        while True:
            share = (time.time() - began) / (options.minutes * 60)
            if share * options.rounds >= turn + 1:
                break
            # Only at the beginning are scenes waited for; later what has been made is taken, and old ones are shown again.
            while pool.made < 4 * options.batch or not makers.made.empty():
                pool.add(makers.made.get())
            if network.steps is None and share >= 1 - options.whole:
                save()
                learner.begin_whole(familiar)
            learner.learn(*pool.batch(options.batch), share)
            if time.time() - last > 300:
                last = time.time()
                save()
        makers.stop()
    save()


def export(network, options, sides, figures, scenes, steps):
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
            "seed": options.seed, "minutes": options.minutes, "scenes": scenes, "steps": steps, "batch": options.batch, "side": SIDE,
            "hard_share": options.hard,
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
