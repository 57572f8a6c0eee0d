"""Writes `detector.onnx`: the MobileNetV3-CenterNet (COCO) that npm's `@vladmandic/human` carries as a TensorFlow.js graph.

    python detector.py --output detector.onnx [--work <folder>]

It writes the very bytes of the bundle's.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from export import halve_weights
from npm_packages import npm_package

PACKAGE = "@vladmandic/human@3.3.6"
# Names in TensorFlow's graph: ours, and channels of the outputs
INPUT = ("tower_0/images", "images")
OUTPUTS = {"tower_0/keypoints": ("keypoints", 80), "tower_0/wh": ("wh", 4)}
ELEMENTWISE = {"Mul": "Mul", "Add": "Add", "Sub": "Sub", "Relu": "Relu", "Sigmoid": "Sigmoid", "Identity": "Identity"}
CONVOLUTIONS = {"_FusedConv2D": False, "Conv2D": False, "FusedDepthwiseConv2dNative": True, "DepthwiseConv2dNative": True}
CHANNELS_LAST = {1: 2, 2: 3, 3: 1}  # TensorFlow's axes of a picture: ONNX's
RENAMED = {INPUT[0]: INPUT[1]} | {name: ours for name, (ours, _) in OUTPUTS.items()}


def fetch(work: Path) -> Path:
    """Folder with `centernet.json` and `centernet.bin`."""
    return npm_package(PACKAGE, work / "human") / "models"


def read_weights(folder: Path, manifest: list[dict]) -> dict[str, np.ndarray]:
    """float16 in the file becomes float32."""
    content = (folder / "centernet.bin").read_bytes()
    weights, at = {}, 0
    for entry in manifest:
        stored = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
        count = int(np.prod(entry["shape"], dtype=int))
        values = np.frombuffer(content, stored, count, at).astype(np.dtype(entry["dtype"]))
        weights[entry["name"]] = values.reshape(entry["shape"])
        at += count * stored.itemsize
    return weights


class Conversion:
    """TensorFlow.js nodes, pictures with channels last, to ONNX nodes, channels first: what the outputs need and no more."""

    def __init__(self, nodes: list[dict], weights: dict[str, np.ndarray]) -> None:
        self.sources = {node["name"]: node for node in nodes}
        self.weights = weights
        self.nodes: list[NodeProto] = []
        self.tensors: list[TensorProto] = []
        self.made: set[str] = set()

    @staticmethod
    def attribute(node: dict, name: str) -> list[int] | list[str] | str | bool | None:
        found = node.get("attr", {}).get(name)
        if found is None:
            return None
        if "list" in found:
            return [int(value) for value in found["list"].get("i", [])] or [
                base64.b64decode(s).decode() for s in found["list"].get("s", [])
            ]
        return base64.b64decode(found["s"]).decode() if "s" in found else bool(found.get("b"))

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        names = [RENAMED.get(name, name) for name in inputs]
        ours = RENAMED.get(output, output)
        self.nodes.append(helper.make_node(kind, names, [ours], ours, **attributes))

    def tensor(self, name: str, values: np.ndarray) -> str:
        if name not in self.made:
            self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(values.astype(np.float32)), name))
            self.made.add(name)
        return name

    def value(self, reference: str) -> str:
        """The name of a node's output or of a weight, made before it is used."""
        name = reference.split(":")[0]
        if name in self.weights:
            weight = self.weights[name]
            if weight.ndim == 1 and weight.size > 1:
                weight = weight.reshape(1, -1, 1, 1)
            return self.tensor(name, weight.transpose(0, 3, 1, 2) if weight.ndim == 4 else weight)
        if name not in self.made and name != INPUT[0]:
            self.convert(self.sources[name])
            self.made.add(name)
        return name

    def convert(self, node: dict) -> None:
        kind, name, inputs = node["op"], node["name"], node.get("input", [])
        if kind in CONVOLUTIONS:
            self.convolution(node, CONVOLUTIONS[kind])
        elif kind in ELEMENTWISE:
            self.add(ELEMENTWISE[kind], [self.value(each) for each in inputs], name)
        elif kind == "Relu6":
            self.clip_at_six(self.value(inputs[0]), name)
        elif kind == "Mean":
            axes = [CHANNELS_LAST[int(axis)] for axis in np.atleast_1d(self.weights[inputs[1]])]
            self.add(
                "ReduceMean", [self.value(inputs[0])], name, axes=axes, keepdims=int(bool(self.attribute(node, "keep_dims")))
            )
        elif kind == "ConcatV2":
            self.add("Concat", [self.value(each) for each in inputs[:-1]], name, axis=1)
        elif (
            kind == "ResizeBilinear"
            and not self.attribute(node, "align_corners")
            and not self.attribute(node, "half_pixel_centers")
        ):
            source = self.value(inputs[0])
            doubled = self.tensor(f"{name}/sc", np.array([1, 1, 2, 2]))
            self.add("Resize", [source, "", doubled], name, mode="linear", coordinate_transformation_mode="asymmetric")
        else:
            raise SystemExit(f"{PACKAGE} has a {kind} ({name}), which this conversion does not know.")

    def clip_at_six(self, source: str, output: str) -> None:
        low, high = self.tensor("c0", np.array(0)), self.tensor("c6", np.array(6))
        self.add("Clip", [source, low, high], output)

    def convolution(self, node: dict, depthwise: bool) -> None:
        name, inputs = node["name"], node["input"]
        source, weight = self.value(inputs[0]), self.weights[inputs[1].split(":")[0]]
        height, width, within, out = weight.shape
        turned = (
            weight.transpose(2, 3, 0, 1).reshape(within * out, 1, height, width) if depthwise else weight.transpose(3, 2, 0, 1)
        )
        fused = self.attribute(node, "fused_ops") or []
        assert isinstance(fused, list)
        given = [source, self.tensor(f"{name}/w", turned)]
        if "BiasAdd" in fused:
            given.append(self.tensor(f"{name}/b", self.weights[inputs[2].split(":")[0]]))
        activation = next((each for each in fused if each != "BiasAdd"), None)
        strides, dilations = self.attribute(node, "strides"), self.attribute(node, "dilations")
        assert isinstance(strides, list)
        self.add(
            "Conv",
            given,
            f"{name}/pre" if activation else name,
            strides=strides[1:3],
            group=within if depthwise else 1,
            kernel_shape=[height, width],
            auto_pad="SAME_UPPER" if self.attribute(node, "padding") == "SAME" else "VALID",
            dilations=dilations[1:3] if isinstance(dilations, list) else [1, 1],
        )
        if activation == "Relu6":
            self.clip_at_six(f"{name}/pre", name)
        elif activation:
            self.add("Relu", [f"{name}/pre"], name)


def export_detector(folder: Path, path: Path) -> None:
    described = json.loads((folder / "centernet.json").read_text())
    conversion = Conversion(described["modelTopology"]["node"], read_weights(folder, described["weightsManifest"][0]["weights"]))
    for output in OUTPUTS:
        conversion.value(output)
    images = helper.make_tensor_value_info(INPUT[1], TensorProto.FLOAT, ["batch", 3, "h", "w"])
    maps = [
        helper.make_tensor_value_info(ours, TensorProto.FLOAT, ["batch", channels, "H", "W"])
        for ours, channels in OUTPUTS.values()
    ]
    graph = helper.make_graph(conversion.nodes, "centernet", [images], maps, conversion.tensors)
    full = path.with_suffix(".float32.onnx")
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)]), str(full))
    halve_weights(full, path)
    full.unlink()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--work", type=Path, default=Path("recipe-work"))
    given = arguments.parse_args()
    export_detector(fetch(given.work), given.output)
    print(given.output, hashlib.sha256(given.output.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
