"""Trains the second half of a network further, in whole numbers, on what it mistakes for text: minutes on two cores.

    python Models/training/refine.py Models/textnet.safetensors /tmp/refined.safetensors --corpus DIR

What comes before the second half stays as it is, so its maps are made once. Beside usual scenes it sees bodies of every
size, as a whole and small ones, places that the network takes for text, and markers of one letter. In the usual scenes
it is held to what the network said, too.
"""
import argparse
import math
import os
import time

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch.nn import functional as F

import backgrounds
import further
from network import GATE_AT, REACH, VERSION, TextNet, write_safetensors
from pack import unpacked
from scenes import Canvas, Scenes, line_mask, revealed, stored
from train import GROUP, Makers, at_home, changed, hard_pictures, loss_of
from typefaces import TRAINING


def body(rng, side):
    return np.clip(backgrounds.bodies(rng, int(side)), 0, 255).astype(np.uint8)


def with_column(rng, picture):
    """Organs, vertebrae one below the other down the middle, as cuts through a trunk have them; some hollow."""
    image, side = Image.fromarray(picture), len(picture)
    draw, lies = ImageDraw.Draw(image), rng.random() < .2
    x, y, shades = side * rng.uniform(.4, .6), side * rng.uniform(.15, .45), rng.integers(0, 256, 4)

    def ellipse(cx, cy, a, b):
        box = (cx - a, cy - b, cx + a, cy + b)
        draw.ellipse((box[1], box[0], box[3], box[2]) if lies else box, fill=int(rng.choice(shades)))

    for _ in range(int(rng.integers(2, 7))):
        a, b = side * np.exp(rng.uniform(np.log(.012), np.log(.14), 2))
        middle = x + side * rng.normal(0, .03), y + b
        ellipse(*middle, a, b)
        if rng.random() < .35:
            ellipse(*middle, *rng.uniform(.55, .9) * np.array((a, b)))
        y += 2 * b + side * abs(rng.normal(0, .03))
    return np.asarray(image)


class HardScenes(Scenes):
    """Bodies, places that a network took for text, and markers."""

    def background(self):
        rng, kind = self.rng, self.rng.random()
        if self.hard and kind < .5:
            picture, places = self.hard[rng.integers(len(self.hard))]
            around = places[rng.integers(len(places))] - rng.integers(self.side // 8, self.side * 7 // 8, 2)
            return self.cut([picture], fill=rng.integers(0, 256), corner=around)[0].astype(float)
        return self.cut([body(rng, rng.choice([256, 256, 320, 400, 512]))])[0].astype(float)

    def scene(self):
        return self.marker() if self.rng.random() < .15 else super().scene()

    def marker(self):
        """One letter or two on a body, a picture, or a smooth ground, as storage and a narrow range leave them."""
        rng, kind = self.rng, self.rng.random()
        if kind < .4:
            picture = self.cut([body(rng, 384)])[0].astype(float)
        elif kind < .8 and self.real:
            picture = self.scaled(1)
            picture = self.cut([picture], fill=int(picture.min()))[0].astype(float)
        else:
            picture = backgrounds.smooth(rng, self.side, int(rng.integers(60, 200))) * rng.uniform(.3, 1)
        canvas = Canvas(picture)
        for _ in range(int(rng.integers(1, 3))):
            height = int(np.exp(rng.uniform(np.log(12), np.log(60))))
            mask = line_mask(rng, self.face(), height, str(rng.choice(list("LRLRLRAPHFSIO"))))
            if mask is not None:
                canvas.put(rng, mask, 0, contrast=float(rng.uniform(40, 255)), single=True, plain=rng.random() < .7)
        picture = stored(rng, canvas.picture, kind=.1 if rng.random() < .8 else None, quality=int(rng.integers(60, 97)))
        if rng.random() < .6:
            picture = revealed(rng, picture)
        canvas.forget_invisible(picture)
        return picture, *self.targets(canvas.text, canvas.unclear & (canvas.text == 0))


class SmallBodies(Scenes):
    """Bodies as small as in a coarse look at them, one beside the other."""

    def background(self):
        rng, side = self.rng, self.side
        wide, ground = int(np.exp(rng.uniform(np.log(40), np.log(side)))), np.full((side, side), float(rng.integers(0, 256)))
        for y in range(0, side, wide):
            for x in range(0, side, wide):
                picture = body(rng, rng.choice([256, 384]))
                if rng.random() < .6:
                    picture = with_column(rng, picture)
                small = np.asarray(Image.fromarray(picture).resize((wide, wide), Image.BOX))
                part = ground[y:y + wide, x:x + wide]
                part[:] = small[:part.shape[0], :part.shape[1]]
        return np.roll(ground, rng.integers(0, side, 2), (0, 1)) if rng.random() < .3 else ground


class SecondHalf:
    """What comes after the last block at a quarter of the resolution."""

    def __init__(self, network):
        self.network = network.eval()
        parts = network.down, network.context, network.sharp, network.lateral, network.head
        self.parameters = [p for part in parts for p in part.parameters()]
        self.step = network.steps["fine"][None, :, None, None]

    @torch.no_grad()
    def before(self, pictures):
        """The map that it starts from in whole steps, the gate's log odds, and what the network says."""
        maps = {}
        logits, gate, _ = self.network(pictures, observe=maps.__setitem__)
        return (maps["fine"] / self.step).round().to(torch.uint8), gate.half(), logits.half()

    def after(self, fine, gate, mask_at):
        network, mask = self.network, 1.0
        fine = fine.float() * self.step
        if mask_at is not None:
            mask = F.max_pool2d((gate > mask_at).float()[:, None], 2 * REACH + 1, stride=1, padding=REACH)
            fine = fine * F.interpolate(mask, scale_factor=2)
        coarse = network.whole("coarse", F.relu(network.down(fine))) * mask
        for block in network.context:
            coarse = network.whole("coarse", coarse + F.relu(block(coarse))) * mask
        last = F.relu(network.sharp(fine) + F.pixel_shuffle(network.lateral(coarse), 2))
        return network.head(last)[:, 0], mask


def seen(half, kind, arguments, count, seed, workers):
    """So many scenes of a kind, seen another way, as the second half finds them."""
    makers, made = Makers(workers, arguments, seed, kind=kind), []
    for _ in range(-(-count // GROUP)):
        picture, target, weight = changed(*(torch.from_numpy(part).float() for part in makers.made.get()))
        made.append((*half.before(picture), target.to(torch.uint8), weight.to(torch.uint8)))
    makers.stop()
    return [torch.cat(parts) for parts in zip(*made)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--corpus", default=os.environ.get("QUENCH_CORPUS", "../shared/corpus"))
    parser.add_argument("--pictures", default=further.FOLDER, help="where `make train-pictures` unpacked those from elsewhere")
    parser.add_argument("--packed", help="what pack.py made, in place of a corpus and installed fonts")
    parser.add_argument("--scenes", type=int, nargs=3, default=[8000, 8000, 3376], help="usual ones, hard ones, with small bodies")
    parser.add_argument("--minutes", type=float, default=14)
    parser.add_argument("--rate", type=float, default=5e-4, help="of learning, at its highest")
    parser.add_argument("--hold", type=float, default=1.5, help="how much it is held to what it said")
    parser.add_argument("--lean", type=float, default=1.5, help="how far its log odds stand above those that training aims at")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(os.cpu_count() or 2)
    network = TextNet().load_whole(options.weights).to(memory_format=torch.channels_last)
    real, labelled, faces = unpacked(options.packed, TRAINING) if options.packed else at_home(
        options.corpus if os.path.isdir(options.corpus) else None, options.pictures, TRAINING)
    rng = np.random.default_rng(options.seed)
    bodies = [body(rng, side) for side in rng.choice([256, 384, 512], 260)]
    others = backgrounds.made_up_pictures([options.seed, 6], 500, side=256)
    others += [backgrounds.limited(real[i], 600) for i in rng.permutation(len(real))[:350]]
    hard = hard_pictures(network, bodies + others, "cpu")
    half = SecondHalf(network)
    kinds = zip((Scenes, HardScenes, SmallBodies), options.scenes)
    tables = [seen(half, kind, (real, labelled, faces, hard), count, options.seed * 100 + 10 * i, os.cpu_count() or 2)
              for i, (kind, count) in enumerate(kinds)]
    print("scenes:", *(len(table[0]) for table in tables), flush=True)
    refine(half, tables, options, rng)
    write_safetensors(options.out, network.tensors(), {"version": VERSION, "format": "TextNet", "gate": str(GATE_AT)})


def refine(half, tables, options, rng):
    # Of 32 scenes.
    counts = 14, 10, 8
    usual = (torch.arange(sum(counts)) < counts[0]).float()[:, None, None]
    optimiser = torch.optim.AdamW(half.parameters, lr=options.rate, weight_decay=1e-3)
    mean = [p.detach().clone() for p in half.parameters]
    began, step = time.time(), 0
    while (share := (time.time() - began) / 60 / options.minutes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 100) * (.5 * (1 + math.cos(math.pi * share)) + .01)
        picked = [torch.randint(len(table[0]), (count,)) for table, count in zip(tables, counts)]
        fine, gate, said, target, weight = (torch.cat([table[part][i] for table, i in zip(tables, picked)]) for part in range(5))
        said, target, weight = said.float(), target.float(), weight.float()
        mask_at = float(rng.uniform(-4, .5)) if rng.random() < .5 else None
        logits, mask = half.after(fine.to(memory_format=torch.channels_last), gate.float(), mask_at)
        if mask_at is not None:
            weight = weight * F.interpolate(mask, scale_factor=2)[:, 0]
        # What it said of text stays; of other places only in usual scenes.
        held = weight * torch.maximum(target, usual) * ((said > -2) | (target > 0)) * ((logits - said).abs() > .3)
        apart = F.binary_cross_entropy_with_logits(logits, torch.sigmoid(said), reduction="none")
        loss = loss_of(logits - options.lean, target, weight) + 8 * options.hold * (apart * held).sum() / weight.sum().clamp(min=1)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(half.parameters, 2.0)
        optimiser.step()
        step += 1
        for slow, p in zip(mean, half.parameters):  # their mean over some 500 steps is calmer than the last ones
            slow.lerp_(p.detach(), 1 - min(.998, step / (step + 20)))
        if step % 100 == 0:
            print(f"{(time.time() - began) / 60:5.1f} min  step {step}  loss {loss.item():.3f}", flush=True)
    with torch.no_grad():
        for p, slow in zip(half.parameters, mean):
            p.copy_(slow)


if __name__ == "__main__":
    main()
