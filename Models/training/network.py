"""TextNet: a fully convolutional network that tells where lines of text stand.

Input: one 8-bit picture. Four features are made of it: each pixel's difference from the means of a large and of a small
square around it, at two gains each, so that weak and strong contrast both fill the range. The small square is for what
is weak beside a strong edge, where the large one's mean is far from either. Output: one logit for each 4 x 4 cell.

A cheap gate looks at everything in cells of 8 x 8 pixels; what it rejects is not looked at again.

The kernel computes in small integers: activations of 0...127, weights of -127...127. Training ends with some time in
which the network feels that (`quantise`).
"""
import json
import struct

import torch
from torch import nn
from torch.nn import functional as F

VERSION = "10"
#: Of each feature, how far its square reaches from the pixel, and the grey levels that make 1.0; the features have steps
#: of 1 / 32 and end at 63 of them.
FEATURES = ((16, 64.0), (16, 8.0), (4, 32.0), (4, 8.0))
STEPS, MOST_STEPS = 32, 63
STRIDE = 4
#: Channels at a quarter and at an eighth of the resolution, of the gate, and before the head.
FINE, COARSE, GATE, LAST = 32, 64, 32, 32
#: The share of channels that a block forgets while it is trained, until it computes in whole steps: without, the network
#: knows the pictures of the training by heart the sooner.
FORGOTTEN = .08
#: Blocks at a quarter of the resolution.
FINE_BLOCKS = 3
#: How far apart the places are that each 3 x 3 convolution at an eighth takes in.
DILATIONS, GATE_DILATIONS = (1, 2, 1, 2, 1), (1, 2, 1)
#: So many networks make the model, trained so that they seldom err alike.
NETWORKS = 4
#: Log odds from which the gate lets a cell pass.
GATE_AT = -2.0
#: Cells of the gate beside an accepted one that are looked at as well.
REACH = 1
#: The greatest activation and weight in the kernel.
MOST = 127
#: It adds up the products of so many inputs side by side, the first two of each four and the last two apart, in 16 bits, so
#: that weights that come together may be so much in sum.
TOGETHER, MOST_TOGETHER = 16, 258


def features(pictures):
    """N x 1 x H x W grey levels 0...255 to N x features x H x W."""
    differences = {}
    for radius in {radius for radius, _ in FEATURES}:
        side, mean = 2 * radius + 1, pictures
        for kernel in ((side, 1), (1, side)):  # a square at once takes ten times as long
            padding = [size // 2 for size in kernel]
            mean = F.avg_pool2d(mean, kernel, stride=1, padding=padding, count_include_pad=False)
        differences[radius] = pictures - mean
    return torch.cat([(differences[radius] * (STEPS / gain)).round().clamp(-MOST_STEPS, MOST_STEPS) / STEPS
                      for radius, gain in FEATURES], dim=1)


def stepped(x, step):
    """Rounded to whole steps; for the gradient as if it weren't."""
    return x + (torch.round(x / step) * step - x).detach()


class Convolution(nn.Module):
    """A convolution with its normalisation, which is folded into it before `quantise`."""

    def __init__(self, inputs, outputs, size=3, stride=1, dilation=1, padding=None):
        super().__init__()
        padding = size // 2 * dilation if padding is None else padding
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, padding, dilation, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs, momentum=0.05)
        #: What one step of each input is worth, once weights are to be whole numbers.
        self.step_in = None

    def forward(self, x):
        c = self.convolution
        if self.normalisation is not None:
            return self.normalisation(c(x))
        weight = c.weight if self.step_in is None else self.whole_weight()[0]
        return F.conv2d(x, weight, c.bias, c.stride, c.padding, c.dilation)

    def folded(self):
        n, c = self.normalisation, self.convolution
        if n is None:
            return c.weight, c.bias
        scale = n.weight / torch.sqrt(n.running_var + n.eps)
        return c.weight * scale[:, None, None, None], n.bias - n.running_mean * scale

    def fold(self):
        weight, bias = (t.detach().clone() for t in self.folded())
        self.convolution.weight, self.convolution.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.normalisation = None

    def whole_weight(self):
        """The weight as whole numbers times a step for each output, and that step."""
        inputs = self.step_in[None, :, None, None]
        weight = self.convolution.weight * inputs
        whole = weight.detach()
        # What is rounded up must still fit.
        step = torch.maximum(whole.abs().amax((1, 2, 3)) / MOST, together(whole) / (MOST_TOGETHER - TOGETHER // 4))
        step = step.clamp(min=1e-10)[:, None, None, None]
        return stepped(weight, step) / inputs, step.flatten()

    def unfold(self, weight, bias):
        """The opposite of `folded`, with a normalisation that changes nothing."""
        self.convolution.weight.copy_(weight)
        self.expect(torch.zeros_like(bias), torch.ones_like(bias), bias)

    def expect(self, mean, variance, bias):
        """A normalisation for inputs of these statistics that adds `bias` and changes nothing else."""
        n = self.normalisation
        n.running_mean.copy_(mean), n.running_var.copy_(variance)
        n.weight.copy_(torch.sqrt(variance + n.eps)), n.bias.copy_(bias + mean)


class TextNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Convolution(len(FEATURES), FINE, 6, stride=4, padding=1)
        #: What the stem's one layer can't see: strokes a pixel wide, in two layers by way of half the resolution.
        self.detail = nn.ModuleList([Convolution(len(FEATURES), FINE, stride=2), Convolution(FINE, FINE, stride=2)])
        self.gate_down = Convolution(FINE, GATE, stride=2)
        self.gate = nn.ModuleList(Convolution(GATE, GATE, dilation=d) for d in GATE_DILATIONS)
        self.gate_head = nn.Conv2d(GATE, 1, 1)
        self.fine = nn.ModuleList(Convolution(FINE, FINE) for _ in range(FINE_BLOCKS))
        self.down = Convolution(FINE, COARSE, stride=2)
        self.context = nn.ModuleList(Convolution(COARSE, COARSE, dilation=d) for d in DILATIONS)
        self.sharp = Convolution(FINE, LAST, 1)
        #: Four places at a quarter for each one at an eighth.
        self.lateral = Convolution(COARSE, 4 * LAST, 1)
        self.head = nn.Conv2d(LAST, 1, 1)
        self.forget = nn.Dropout2d(FORGOTTEN)
        #: By map, what one step of each channel is worth; None until `quantise`.
        self.steps = None

    def whole(self, name, x):
        """A map as the kernel holds it: whole steps of each channel, as many as fit into seven bits."""
        if self.steps is None:
            return x
        step = self.steps[name].to(x.dtype)[None, :, None, None]
        return stepped(torch.minimum(x, MOST * step), step)

    def forward(self, pictures, mask_at=None, observe=lambda name, x: None):
        """Logits of the 4 x 4 cells, and of the gate's cells of 8 x 8. Sides must be multiples of 8.

        Where the gate is below `mask_at`, and nothing near is above it, all is zero from there on, as in the kernel.
        `observe` is told each map.
        """
        pixels = features(pictures)
        stem = self.whole("fine", F.relu(self.stem(pixels)))
        gate = self.whole("gate", F.relu(self.gate_down(stem)))
        for block in self.gate:
            gate = self.whole("gate", gate + F.relu(block(gate)))
        observe("gate", gate)
        gate = self.gate_head(gate)
        if mask_at is None:
            coarse_mask = fine_mask = 1.0
        else:
            open_ = (gate.detach() > mask_at).to(stem.dtype)
            coarse_mask = F.max_pool2d(open_, 2 * REACH + 1, stride=1, padding=REACH)
            fine_mask = F.interpolate(coarse_mask, scale_factor=2, mode="nearest")
        half = self.whole("half", F.relu(self.detail[0](pixels)))
        observe("half", half)
        fine = self.whole("fine", stem + F.relu(self.detail[1](half))) * fine_mask
        for block in self.fine:
            fine = self.whole("fine", fine + self.forget(F.relu(block(fine)))) * fine_mask
        observe("fine", fine)
        coarse = self.whole("coarse", F.relu(self.down(fine))) * coarse_mask
        for block in self.context:
            coarse = self.whole("coarse", coarse + self.forget(F.relu(block(coarse)))) * coarse_mask
        observe("coarse", coarse)
        last = F.relu(self.sharp(fine) + F.pixel_shuffle(self.lateral(coarse), 2))
        return self.head(last)[:, 0], gate[:, 0], coarse_mask

    def layers(self):
        """Convolutions by name, with the maps that they read and write, in the order in which the kernel has them."""
        yield "stem", self.stem, "pixels", "fine"
        yield "gate.down", self.gate_down, "fine", "gate"
        for i, block in enumerate(self.gate):
            yield f"gate.{i}", block, "gate", "gate"
        yield "gate.head", self.gate_head, "gate", None
        yield "detail.0", self.detail[0], "pixels", "half"
        yield "detail.1", self.detail[1], "half", "fine"
        for i, block in enumerate(self.fine):
            yield f"fine.{i}", block, "fine", "fine"
        yield "down", self.down, "fine", "coarse"
        for i, block in enumerate(self.context):
            yield f"context.{i}", block, "coarse", "coarse"
        yield "sharp", self.sharp, "fine", None
        yield "lateral", self.lateral, "coarse", None
        yield "head", self.head, None, None

    # MARK: - Whole numbers

    @torch.no_grad()
    def quantise(self, batches):
        """Folds the normalisation away, and from now on computes in whole steps; their sizes come from what the maps
        hold at these pictures. Returns itself."""
        self.eval()
        self.forget.p = 0
        highest = {}

        def observe(name, x):
            # What two places in a thousand exceed is cut off: of 0.9999 to 0.98 this share changes the answers least.
            values = x.float().permute(1, 0, 2, 3).flatten(1)
            top = values.kthvalue(max(1, int(values.shape[1] * 0.998)), dim=1).values
            highest[name] = torch.maximum(highest.get(name, torch.zeros_like(top)), top)

        for pictures in batches:
            self(pictures, observe=observe)
        # Channels that are hardly ever used get steps no finer than a fiftieth of the usual.
        self.steps = {name: torch.maximum(top, top.median() / 50).clamp(min=1e-3) / MOST for name, top in highest.items()}
        self.steps["pixels"] = torch.full((len(FEATURES),), 1 / STEPS, device=next(self.parameters()).device)
        for name, convolution, source, _ in self.layers():
            if isinstance(convolution, Convolution):
                convolution.fold()
                convolution.step_in = self.steps[source]
        return self.train()

    @torch.no_grad()
    def tensors(self):
        """What the kernel reads, in its order. Weights are whole numbers: by 16 outputs y, then what lies side by side in a row
        of the input four at a time, then the outputs, each with its four. `scale` and `bias` make steps of the output map of a
        sum, or log odds where there is no such map."""
        result = {}
        for name, convolution, source, target in self.layers():
            if not isinstance(convolution, Convolution):
                scale = 1 if source is None else self.steps[source]
                result[name + ".weight"] = convolution.weight.detach().float().flatten() * scale
                result[name + ".bias"] = convolution.bias.detach().float()
                continue
            weight, scale = convolution.whole_weight()
            inputs = convolution.step_in[None, :, None, None]
            whole = torch.round(weight * inputs / scale[:, None, None, None]).clamp(-MOST, MOST)
            bias = convolution.convolution.bias.detach().float()
            if target is not None:
                step = self.steps[target]
                scale, bias = scale / step, bias / step
            if source == "pixels":  # the kernel's zero is 64
                bias = bias - 64 * whole.sum((1, 2, 3)) * scale
            if name == "lateral":  # for each of the four places its channels side by side
                whole = whole.view(LAST, 4, COARSE, 1, 1).transpose(0, 1).reshape(whole.shape)
                scale, bias = (t.view(LAST, 4).t().reshape(-1) for t in (scale, bias))
            result[name + ".weight"] = packed(whole).to(torch.int8)
            result[name + ".scale"], result[name + ".bias"] = scale.contiguous(), bias.contiguous()
        for name in ("fine", "gate", "half", "coarse"):
            result[f"steps.{name}"] = self.steps[name]
        return result

    def written(self, path):
        """Of weights written by `write_safetensors`: the steps, and by layer its weight and its bias as they count."""
        tensors = read_safetensors(path)
        steps = {name: tensors[f"steps.{name}"] for name in ("fine", "gate", "half", "coarse")}
        steps["pixels"] = torch.full((len(FEATURES),), 1 / STEPS)
        result = {}
        for name, convolution, source, target in self.layers():
            weight, bias = tensors[name + ".weight"], tensors[name + ".bias"]
            if not isinstance(convolution, Convolution):
                scale = 1 if source is None else steps[source]
                result[name] = (weight / scale).view_as(convolution.weight), bias
                continue
            _, inputs, _, width = convolution.convolution.weight.shape
            whole, scale = unpacked(weight, inputs, width).float(), tensors[name + ".scale"]
            if name == "lateral":
                whole = whole.reshape(4, LAST, COARSE, 1, 1).transpose(0, 1).reshape(whole.shape)
                scale, bias = (t.view(4, LAST).t().reshape(-1) for t in (scale, bias))
            if source == "pixels":
                bias = bias + 64 * whole.sum((1, 2, 3)) * scale
            if target is not None:
                scale, bias = scale * steps[target], bias * steps[target]
            result[name] = whole * scale[:, None, None, None] / steps[source][None, :, None, None], bias
        return steps, result

    @torch.no_grad()
    def load(self, path, pictures):
        """Takes over weights written by `write_safetensors`; by `pictures` the normalisation learns what comes in."""
        statistics, hooks = {}, []

        def observe(name):
            def hook(_, __, output):
                statistics[name] = output.mean((0, 2, 3)), output.var((0, 2, 3)).clamp(min=1e-4)
            return hook

        _, layers = self.written(path)
        for name, convolution, _, _ in self.layers():
            weight, bias = layers[name]
            if isinstance(convolution, Convolution):
                convolution.unfold(weight, bias)
                hooks.append(convolution.convolution.register_forward_hook(observe(name)))
            else:
                convolution.weight.copy_(weight), convolution.bias.copy_(bias)
        self.eval()(pictures)
        for hook in hooks:
            hook.remove()
        for name, convolution, _, _ in self.layers():
            if name in statistics:
                convolution.expect(*statistics[name], layers[name][1])
        return self.train()


def together(weight):
    """By output, the most that weights of one sign come to which the kernel adds up in 16 bits; 0 where it doesn't."""
    outputs, inputs, height, width = weight.shape
    if inputs % TOGETHER:
        return weight.new_zeros(outputs)
    groups = weight.reshape(outputs, inputs // TOGETHER, TOGETHER // 4, 2, 2, height, width)
    return torch.maximum(groups.clamp(min=0).sum((2, 4)), -groups.clamp(max=0).sum((2, 4))).flatten(1).amax(1)


def packed(weight):
    """Outputs x inputs x height x width to sixteens of outputs x height x quads of a row of the input x 16 x 4."""
    outputs, inputs, y, x = weight.shape
    return weight.view(outputs // 16, 16, inputs // 4, 4, y, x).permute(0, 4, 5, 2, 1, 3).reshape(
        outputs // 16, y, x * inputs // 4, 16, 4)


def unpacked(weight, inputs, width):
    """The opposite of `packed`."""
    sixteens, height = weight.shape[:2]
    rows = weight.view(sixteens, height, width, inputs // 4, 16, 4)
    return rows.permute(0, 4, 3, 5, 1, 2).reshape(16 * sixteens, inputs, height, width)


#: By the format's name.
TYPES = {"F32": (torch.float32, 4), "I8": (torch.int8, 1)}


def read_safetensors(path, number=0):
    """The tensors of one network, where the file holds several (`together.py`)."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    prefix = f"{number}." if any(name.startswith("0.") for name in header) else ""
    return {name.removeprefix(prefix): torch.frombuffer(bytearray(data[slice(*t["data_offsets"])]),
                                                        dtype=TYPES[t["dtype"]][0]).view(t["shape"])
            for name, t in header.items() if name.startswith(prefix)}


def write_safetensors(path, tensors, metadata):
    """The open safetensors format; written by hand because its order of tensors is ours to choose."""
    header, offset = {"__metadata__": metadata}, 0
    names = {kind: name for name, (kind, _) in TYPES.items()}
    for name, tensor in tensors.items():
        size = TYPES[names[tensor.dtype]][1] * tensor.numel()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % 64)  # so that the tensors lie well for the kernel
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.cpu().contiguous().numpy().tobytes())
