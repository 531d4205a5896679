"""TextNet: a small fully convolutional network that tells where lines of text stand.

Input: one 8-bit picture. Two features are made of it, each pixel's difference from the mean of the 33 x 33 square
around it, at two gains, so that weak and strong contrast both fill the range. Output: one logit for each 4 x 4 cell.
"""
import json
import struct

import torch
from torch import nn
from torch.nn import functional as F

VERSION = "2"
MEAN_RADIUS = 16
#: Grey levels that make 1.0, and where the features end.
GAINS = (64.0, 8.0)
LIMIT = 2.0
STRIDE = 4
#: Channels at a quarter and at an eighth of the resolution, and the blocks that look around at the eighth.
FINE, COARSE, CONTEXT = 32, 64, 4


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

    def __init__(self, inputs, outputs, size, stride=1, groups=1):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs, momentum=0.05)

    def forward(self, x):
        return self.normalisation(self.convolution(x))

    def folded(self):
        n = self.normalisation
        scale = n.weight / torch.sqrt(n.running_var + n.eps)
        return self.convolution.weight * scale[:, None, None, None], n.bias - n.running_mean * scale


class Separable(nn.Module):
    """Depthwise, then pointwise; each with ReLU."""

    def __init__(self, inputs, outputs, size=3, stride=1, residual=False):
        super().__init__()
        self.depthwise = Convolution(inputs, inputs, size, stride, groups=inputs)
        self.pointwise = Convolution(inputs, outputs, 1)
        self.residual = residual

    def forward(self, x):
        y = F.relu(self.pointwise(F.relu(self.depthwise(x))))
        return x + y if self.residual else y


class TextNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Convolution(2, 16, 3, stride=2)
        self.quarter = Separable(16, FINE, 3, stride=2)
        self.detail = Separable(FINE, FINE, 3)
        self.eighth = Separable(FINE, COARSE, 3, stride=2)
        self.context = nn.ModuleList(Separable(COARSE, COARSE, 5, residual=True) for _ in range(CONTEXT))
        self.lateral = Convolution(COARSE, FINE, 1)
        self.merged = Separable(FINE, FINE, 3)
        self.head = nn.Conv2d(FINE, 1, 1)

    def forward(self, pictures):
        """Sides must be multiples of 8."""
        x = F.relu(self.stem(features(pictures)))
        fine = self.detail(self.quarter(x))
        coarse = self.eighth(fine)
        for block in self.context:
            coarse = block(coarse)
        coarse = F.interpolate(self.lateral(coarse), scale_factor=2, mode="nearest")
        return self.head(self.merged(F.relu(fine + coarse)))[:, 0]

    def tensors(self):
        """Folded weights in the order and the layout in which the kernel reads them: outputs are contiguous."""
        result = {}

        def add(name, convolution):
            weight, bias = convolution.folded() if isinstance(convolution, Convolution) else (
                convolution.weight, convolution.bias)
            outputs, inputs, height, width = weight.shape
            if inputs == 1 and height > 1:
                weight = weight[:, 0].permute(1, 2, 0)  # y, x, channel
            elif height == 1:
                weight = weight[:, :, 0, 0].t()  # input, output
            else:
                weight = weight.permute(2, 3, 1, 0)  # y, x, input, output
            result[name + ".weight"] = weight.detach().contiguous()
            result[name + ".bias"] = bias.detach().contiguous()

        add("stem", self.stem)
        blocks = [("quarter", self.quarter), ("detail", self.detail), ("eighth", self.eighth)]
        blocks += [(f"context.{i}", block) for i, block in enumerate(self.context)]
        for name, block in blocks:
            add(name + ".depthwise", block.depthwise)
            add(name + ".pointwise", block.pointwise)
        add("lateral", self.lateral)
        add("merged.depthwise", self.merged.depthwise)
        add("merged.pointwise", self.merged.pointwise)
        add("head", self.head)
        return result


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
