"""How well the CenterNet's box at a cell fits a thing of any kind, told from features that it computes anyway.

The head is a small network on each cell of a grid of 8 px: four feature maps of the frozen CenterNet, the four distances of its box and
how sure its classes are around. It learns the overlap of that box with the nearest labelled one: how well a box fits is known for
things of no class too, as in OLN (Kim et al. 2022), where a class score only knows what was taught. Peaks and boxes stay the
CenterNet's; a peak's new score is a mean of the two in logits. An attempt that the bundle does without; README.md has its figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, compose, helper
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, dropout, interpolate, max_pool2d, relu

from export import halve_weights
from pasted_scenes import Scene

SIDE, STRIDE = 384, 8
GRID = SIDE // STRIDE
CENTER = "tower_0/CenternetHead"
# Outputs of the CenterNet's graph, with channels and the factor to a grid of 8 px: 4 px (every second cell), 8, 16 and 32 px.
MAPS = ((f"{CENTER}/mul", 128), (f"{CENTER}/Relu_1", 192), (f"{CENTER}/Relu", 256), ("tower_0/extern1/hard_swish/mul_1", 480))
LOGITS, DISTANCES = f"{CENTER}/centernet_cls_output/BiasAdd", "tower_0/mul"
GEOMETRY = 9
WIDTH = sum(channels for _, channels in MAPS) + GEOMETRY
HIDDEN = (96, 48)
CLASS_SHARE = 0.6
OPSET = 13


def geometry(strongest: Tensor, distances: Tensor) -> Tensor:
    """Of each cell's box the logarithms of distances, width and height, and the largest class logit at, beside and around the cell.

    @param strongest batch × 1 × rows × columns, on the grid of 4 px. @param distances batch × 4 × rows × columns, on the same.
    """
    at, beside = strongest[:, :, ::2, ::2], max_pool2d(strongest, 2)
    left, top, right, bottom = distances[:, :, ::2, ::2].split(1, 1)
    sides = torch.cat((left, top, right, bottom), 1).clamp(min=4.0), torch.cat((left + right, top + bottom), 1).clamp(min=8.0)
    logarithms = torch.log(torch.cat(sides, 1) / SIDE)
    return torch.cat((logarithms, at / 4, beside / 4, max_pool2d(beside, 5, 1, 2) / 4), 1)


class ObjectnessHead(nn.Module):
    mean: Tensor
    deviation: Tensor

    def __init__(self, mean: Tensor, deviation: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)
        self.first, self.second, self.last = nn.Linear(WIDTH, HIDDEN[0]), nn.Linear(*HIDDEN), nn.Linear(HIDDEN[1], 1)

    def forward(self, cells: Tensor, dropped: float = 0) -> Tensor:
        """cells × WIDTH → a logit each."""
        scaled = dropout((cells - self.mean) / self.deviation, dropped, self.training)
        return self.last(relu(self.second(relu(self.first(scaled))))).squeeze(-1)


class ScoredPeaks(nn.Module):
    """The head on whole maps, as it is exported: the first layer is applied before maps are enlarged, which is the same and cheaper."""

    def __init__(self, head: ObjectnessHead, scale: float, shift: float) -> None:
        super().__init__()
        weight = (head.first.weight / head.deviation).detach()
        bias = (head.first.bias - weight @ head.mean).detach()
        parts = weight.split([channels for _, channels in MAPS] + [GEOMETRY], 1)
        first, *others = (as_convolution(part, bias if at == 0 else None) for at, part in enumerate(parts))
        first.stride = (2, 2)
        self.parts = nn.ModuleList([first, *others])
        self.second, self.last = (as_convolution(each.weight.detach(), each.bias) for each in (head.second, head.last))
        self.scale, self.shift = scale, shift

    def forward(self, fine: Tensor, eighth: Tensor, sixteenth: Tensor, coarse: Tensor, logits: Tensor, distances: Tensor) -> Tensor:
        """`keypoints`: batch × 1 × rows × columns, scores at the CenterNet's peaks and 0 elsewhere."""
        strongest = logits.amax(1, keepdim=True)
        of_fine, of_eighth, of_sixteenth, of_coarse, of_geometry = self.parts
        hidden = of_fine(fine) + of_eighth(eighth) + of_geometry(geometry(strongest, distances))
        hidden = hidden + enlarged(of_sixteenth(sixteenth), 2) + enlarged(of_coarse(coarse), 4)
        fit = interpolate(self.last(relu(self.second(relu(hidden)))), scale_factor=2.0, mode="nearest")
        score = torch.sigmoid(self.scale * ((1 - CLASS_SHARE) * fit + CLASS_SHARE * strongest) + self.shift)
        return torch.where(strongest >= max_pool2d(strongest, 3, 1, 1), score, torch.zeros_like(score))


def as_convolution(weight: Tensor, bias: Tensor | None) -> nn.Conv2d:
    made = nn.Conv2d(weight.shape[1], weight.shape[0], 1, bias=bias is not None)
    made.weight.data = weight[:, :, None, None].clone()
    if bias is not None:
        made.bias = nn.Parameter(bias.detach().clone())
    return made


def enlarged(maps: Tensor, factor: int) -> Tensor:
    return interpolate(maps, scale_factor=float(factor), mode="bilinear", align_corners=False)


class CenterNet:
    """The frozen network with its inner maps as outputs."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        self.model = onnx.load(str(path))
        self.names = [*(name for name, _ in MAPS), LOGITS, DISTANCES]
        opened = onnx.ModelProto()
        opened.CopyFrom(self.model)
        opened.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in self.names)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(opened.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def maps(self, image: Image.Image) -> list[Tensor]:
        """The four feature maps, class logits and distances, each with a batch of 1."""
        pixels = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BICUBIC), np.float32).transpose(2, 0, 1)[None]
        return [torch.from_numpy(each) for each in self.session.run(self.names, {"images": pixels})]


def cells_of(maps: list[Tensor]) -> Tensor:
    """GRID² × WIDTH."""
    fine, eighth, sixteenth, coarse, logits, distances = maps
    strongest = logits.amax(1, keepdim=True)
    rows = (fine[:, :, ::2, ::2], eighth, enlarged(sixteenth, 2), enlarged(coarse, 4), geometry(strongest, distances))
    return torch.cat(rows, 1)[0].flatten(1).T


@dataclass(frozen=True)
class Cells:
    """Sampled cells: features, overlap of the CenterNet's box with the best labelled one, how many cells each stands for."""

    features: Tensor
    overlaps: Tensor
    counts: Tensor


# Overlaps from, to, and how many cells of a photo are kept of such.
SAMPLED = ((0.5, 2.0, 70), (0.25, 0.5, 40), (1e-4, 0.25, 35), (-1.0, 1e-4, 35))


def overlaps(distances: Tensor, corners: Tensor) -> Tensor:
    """IoU of each cell's box with the best of the boxes, GRID². @param corners n × 4 in pixels of the input."""
    left, top, right, bottom = distances[0, :, ::2, ::2]
    y, x = torch.meshgrid(torch.arange(GRID) * float(STRIDE), torch.arange(GRID) * float(STRIDE), indexing="ij")
    box = torch.stack((x - left, y - top, x + right, y + bottom), -1).reshape(-1, 1, 4)
    shared = (torch.minimum(box[..., 2:], corners[:, 2:]) - torch.maximum(box[..., :2], corners[:, :2])).clamp(min=0).prod(-1)
    areas = (box[..., 2:] - box[..., :2]).clamp(min=0).prod(-1) + (corners[:, 2:] - corners[:, :2]).prod(-1)
    found = shared / (areas - shared).clamp(min=1e-6)
    return found.amax(1) if len(corners) else torch.zeros(GRID * GRID)


def sampled_cells(network: CenterNet, scene: Scene, kept_out: frozenset[str], rng: np.random.Generator) -> Cells:
    """Cells whose box lies on a thing that is kept out, or hardly seen, say nothing and are left out."""
    maps = network.maps(scene.image)
    scale = torch.tensor([SIDE / scene.image.width, SIDE / scene.image.height] * 2)
    silent = [box.ignored or box.label in kept_out or box.label == "ignore" for box in scene.boxes]
    corners = torch.tensor([box.corners for box in scene.boxes], dtype=torch.float32).reshape(-1, 4) * scale
    mask = torch.tensor(silent, dtype=torch.bool)
    known, unclear = overlaps(maps[-1], corners[~mask]), overlaps(maps[-1], corners[mask])
    usable = ~((unclear > 0.25) & (known < 0.5))
    chosen, counts = [], []
    for low, high, most in SAMPLED:
        there = torch.nonzero(usable & (known >= low) & (known < high))[:, 0].numpy()
        if len(there):
            some = rng.choice(there, min(most, len(there)), replace=False)
            chosen.append(some)
            counts.append(np.full(len(some), len(there) / len(some), np.float32))
    at = np.concatenate(chosen)
    return Cells(cells_of(maps)[at].half(), known[at], torch.from_numpy(np.concatenate(counts)))


def fitted(groups: list[tuple[float, list[Cells]]], steps: int, batch: int, seed: int) -> ObjectnessHead:
    """@param groups weight of each group of photos in a batch, and its cells."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    parts = [each for _, cells in groups for each in cells]
    features, target = torch.cat([each.features for each in parts]), torch.cat([each.overlaps for each in parts])
    weight = torch.cat([each.counts for each in parts]).sqrt()
    sizes = [sum(len(each.overlaps) for each in cells) for _, cells in groups]
    chance = np.concatenate([np.full(size, share / size) for (share, _), size in zip(groups, sizes)])
    cumulated = np.cumsum(chance / chance.sum())
    some = features[torch.from_numpy(rng.choice(len(features), 4000))].float()
    head = ObjectnessHead(some.mean(0), some.std(0) + 1e-2).train()
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    losses: list[float] = []
    for step in range(steps):
        rows = torch.from_numpy(np.searchsorted(cumulated, rng.random(batch)).clip(max=len(features) - 1))
        loss = binary_cross_entropy_with_logits(head(features[rows].float(), 0.1), target[rows], weight[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}: loss {np.mean(losses[-100:]):.4f}", flush=True)
    return head.eval()


def export_detector(network: CenterNet, head: ScoredPeaks, path: Path) -> None:
    """The CenterNet with the head behind it: the same input, `keypoints` of one channel, `wh` as before."""
    outputs = ("fine", "eighth", "sixteenth", "coarse", "logits", "distances")
    factors = (4, 8, 16, 32, 4, 4)
    channels = [*(count for _, count in MAPS), 80, 4]
    example = tuple(torch.rand(1, count, SIDE // factor, SIDE // factor) for count, factor in zip(channels, factors))
    alone = path.with_suffix(".head.onnx")
    axes = {name: {0: "batch", 2: f"rows{factor}", 3: f"columns{factor}"} for name, factor in zip(outputs, factors)}
    axes["keypoints"] = axes["logits"]
    torch.onnx.export(
        head.eval(),
        example,
        str(alone),
        input_names=list(outputs),
        output_names=["keypoints"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    joined = joined_graphs(network, onnx.load(str(alone)), dict(zip(network.names, outputs)))
    onnx.save(joined, str(alone))
    halve_weights(alone, path)
    alone.unlink()


def joined_graphs(network: CenterNet, head: onnx.ModelProto, ports: dict[str, str]) -> onnx.ModelProto:
    trunk = onnx.ModelProto()
    trunk.CopyFrom(network.model)
    ends = [node for node in trunk.graph.node if LOGITS in node.input]
    ends += [node for node in trunk.graph.node if node.output[0] == "keypoints"]
    for node in ends:
        trunk.graph.node.remove(node)
    trunk.graph.output.remove(next(output for output in trunk.graph.output if output.name == "keypoints"))
    trunk.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in network.names)
    del trunk.graph.value_info[:], head.graph.value_info[:]
    head.ir_version = trunk.ir_version
    prefixed = compose.add_prefix(head, "objectness/", rename_inputs=False, rename_outputs=False)
    joined = compose.merge_models(trunk, prefixed, list(ports.items()), outputs=["keypoints", "wh"])
    del joined.opset_import[1:]  # both bring the same one
    return joined
