"""Writes the image tower as `vision.onnx` in the layout of HF's CLIP exports: weights stored as float16 behind Cast nodes, which
are folded when a session is built; arithmetic in float32; a dynamic batch; softmax of queries and keys visible."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from image_tower import ImageTower
from stem import NormalisedStem, Stem

SMALLEST_HALVED = 512


class VisionModel(nn.Module):
    def __init__(self, stem: Stem, tower: ImageTower) -> None:
        super().__init__()
        self.stem, self.tower = NormalisedStem(stem), tower

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        return self.tower(*self.stem(pixel_values))


def fold_scales(tower: ImageTower) -> None:
    """The deviations that features were divided by go into the projections."""
    with torch.no_grad():
        tower.from_head.weight.mul_(tower.head_scale)
        tower.from_middle.weight.mul_(tower.middle_scale)
        tower.head_scale.fill_(1)
        tower.middle_scale.fill_(1)


def export_vision(stem: Stem, tower: ImageTower, path: Path) -> None:
    fold_scales(tower)
    model = VisionModel(stem, tower).eval()
    outputs = ["image_embeds", "last_hidden_state"]
    full = path.with_suffix(".float32.onnx")
    torch.onnx.export(
        model,
        (torch.zeros(2, 3, 224, 224),),
        str(full),
        input_names=["pixel_values"],
        output_names=outputs,
        dynamic_axes={name: {0: "batch"} for name in ("pixel_values", *outputs)},
        opset_version=17,
        dynamo=False,
    )
    halve_weights(full, path)
    full.unlink()


def halve_weights(source: Path, path: Path) -> None:
    model = onnx.load(str(source))
    model.ir_version = 8
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED:
            kept.append(tensor)
            continue
        kept.append(numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}_f16"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}_f16"], [tensor.name], f"Cast/{tensor.name}", to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.initializer[:], graph.node[:], graph.value_info[:]
    graph.initializer.extend(kept)
    graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
