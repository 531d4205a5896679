"""TextNet: a fully convolutional network that tells where lines of text stand.

Input: one 8-bit picture. Two features are made of it, each pixel's difference from the mean of the 33 x 33 square
around it, at two gains, so that weak and strong contrast both fill the range. Output: one logit for each 4 x 4 cell.

A cheap gate looks at everything in cells of 8 x 8 pixels; what it rejects is not looked at again.
"""
import json
import struct

import torch
from torch import nn
from torch.nn import functional as F

VERSION = "4"
MEAN_RADIUS = 16
#: Grey levels that make 1.0, and where the features end.
GAINS = (64.0, 8.0)
LIMIT = 2.0
STRIDE = 4
#: Channels at a quarter and at an eighth of the resolution, and of the gate.
FINE, COARSE, GATE = 32, 64, 32
#: How far apart the places are that each 3 x 3 convolution at an eighth takes in.
DILATIONS, GATE_DILATIONS = (1, 2, 1, 2, 1), (1, 2, 1)
#: Log odds from which the gate lets a cell pass.
GATE_AT = -2.0
#: Cells of the gate beside an accepted one that are looked at as well.
REACH = 1


def features(pictures):
    """N x 1 x H x W grey levels 0...255 to N x 2 x H x W."""
    side, mean = 2 * MEAN_RADIUS + 1, pictures
    for kernel in ((side, 1), (1, side)):  # a square at once takes ten times as long
        padding = [size // 2 for size in kernel]
        mean = F.avg_pool2d(mean, kernel, stride=1, padding=padding, count_include_pad=False)
    difference = pictures - mean
    return torch.cat([(difference / gain).clamp(-LIMIT, LIMIT) for gain in GAINS], dim=1)


class Convolution(nn.Module):
    """A convolution with its normalisation, folded into it on export."""

    def __init__(self, inputs, outputs, size=3, stride=1, dilation=1, padding=None):
        super().__init__()
        padding = size // 2 * dilation if padding is None else padding
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, padding, dilation, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs, momentum=0.05)

    def forward(self, x):
        return self.normalisation(self.convolution(x))

    def folded(self):
        n = self.normalisation
        scale = n.weight / torch.sqrt(n.running_var + n.eps)
        return self.convolution.weight * scale[:, None, None, None], n.bias - n.running_mean * scale

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
        self.stem = Convolution(2, FINE, 6, stride=4, padding=1)
        #: What the stem's one layer can't see: strokes a pixel wide, in two layers by way of half the resolution.
        self.detail = nn.ModuleList([Convolution(2, FINE, stride=2), Convolution(FINE, FINE, stride=2)])
        self.gate_down = Convolution(FINE, GATE, stride=2)
        self.gate = nn.ModuleList(Convolution(GATE, GATE, dilation=d) for d in GATE_DILATIONS)
        self.gate_head = nn.Conv2d(GATE, 1, 1)
        self.fine = Convolution(FINE, FINE)
        self.down = Convolution(FINE, COARSE, stride=2)
        self.context = nn.ModuleList(Convolution(COARSE, COARSE, dilation=d) for d in DILATIONS)
        #: Four places at a quarter for each one at an eighth.
        self.lateral = nn.Conv2d(COARSE, 4 * FINE, 1)
        self.head = nn.Conv2d(FINE, 1, 1)

    def forward(self, pictures, mask_at=None):
        """Logits of the 4 x 4 cells, and of the gate's cells of 8 x 8. Sides must be multiples of 8.

        Where the gate is below `mask_at`, and nothing near is above it, all is zero from there on, as in the kernel.
        """
        pixels = features(pictures)
        stem = F.relu(self.stem(pixels))
        gate = F.relu(self.gate_down(stem))
        for block in self.gate:
            gate = gate + F.relu(block(gate))
        gate = self.gate_head(gate)
        if mask_at is None:
            coarse_mask = fine_mask = 1.0
        else:
            open_ = (gate.detach() > mask_at).to(stem.dtype)
            coarse_mask = F.max_pool2d(open_, 2 * REACH + 1, stride=1, padding=REACH)
            fine_mask = F.interpolate(coarse_mask, scale_factor=2, mode="nearest")
        fine = (stem + F.relu(self.detail[1](F.relu(self.detail[0](pixels))))) * fine_mask
        fine = (fine + F.relu(self.fine(fine))) * fine_mask
        coarse = F.relu(self.down(fine)) * coarse_mask
        for block in self.context:
            coarse = (coarse + F.relu(block(coarse))) * coarse_mask
        fine = F.relu(fine + F.pixel_shuffle(self.lateral(coarse), 2))
        return self.head(fine)[:, 0], gate[:, 0], coarse_mask

    def layers(self):
        """Convolutions by name, in the order in which the kernel reads them."""
        yield "stem", self.stem
        yield "gate.down", self.gate_down
        for i, block in enumerate(self.gate):
            yield f"gate.{i}", block
        yield "gate.head", self.gate_head
        for i, convolution in enumerate(self.detail):
            yield f"detail.{i}", convolution
        yield "fine", self.fine
        yield "down", self.down
        for i, block in enumerate(self.context):
            yield f"context.{i}", block
        yield "lateral", self.lateral
        yield "head", self.head

    def tensors(self):
        """Folded weights in the order and the layout in which the kernel reads them: y, x, input, output."""
        result = {}
        for name, convolution in self.layers():
            weight, bias = convolution.folded() if isinstance(convolution, Convolution) else (
                convolution.weight, convolution.bias)
            weight, bias = weight.detach().float(), bias.detach().float()
            if name == "lateral":  # for each of the four places its channels side by side
                weight = weight.view(FINE, 4, COARSE, 1, 1).transpose(0, 1).reshape(weight.shape)
                bias = bias.view(FINE, 4).t().reshape(-1)
            result[name + ".weight"] = weight.permute(2, 3, 1, 0).contiguous()
            result[name + ".bias"] = bias.contiguous()
        return result

    @torch.no_grad()
    def load(self, path, pictures):
        """Takes over weights written by `write_safetensors`; by `pictures` the normalisation learns what comes in."""
        tensors, biases, statistics, hooks = read_safetensors(path), {}, {}, []

        def observe(name):
            def hook(_, __, output):
                statistics[name] = output.mean((0, 2, 3)), output.var((0, 2, 3)).clamp(min=1e-4)
            return hook

        for name, convolution in self.layers():
            weight, bias = tensors[name + ".weight"].permute(3, 2, 0, 1), tensors[name + ".bias"]
            if name == "lateral":
                weight = weight.reshape(4, FINE, COARSE, 1, 1).transpose(0, 1).reshape(weight.shape)
                bias = bias.view(4, FINE).t().reshape(-1)
            biases[name] = bias
            if isinstance(convolution, Convolution):
                convolution.unfold(weight, bias)
                hooks.append(convolution.convolution.register_forward_hook(observe(name)))
            else:
                convolution.weight.copy_(weight), convolution.bias.copy_(bias)
        self.eval()(pictures)
        for hook in hooks:
            hook.remove()
        for name, convolution in self.layers():
            if name in statistics:
                convolution.expect(*statistics[name], biases[name])
        return self.train()


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {name: torch.frombuffer(bytearray(data[slice(*t["data_offsets"])]), dtype=torch.float32).view(t["shape"])
            for name, t in header.items()}


def write_safetensors(path, tensors, metadata):
    """The open safetensors format; written by hand because its order of tensors is ours to choose."""
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        size = 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.float().cpu().numpy().astype("<f4").tobytes())
