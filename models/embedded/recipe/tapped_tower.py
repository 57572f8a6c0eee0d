"""A finished image tower with its queries and keys, and the method on what it gives, training-free, as the product computes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor
from torch.nn.functional import layer_norm, normalize

from combiner import token_weights
from image_tower import LAYERS

ATTENTION = "/tower/encoder/layers.{}/self_attn/"
TAPS = [ATTENTION.format(layer) + name for layer in range(LAYERS) for name in ("Transpose_output_0", "Transpose_2_output_0")]


@dataclass(frozen=True)
class Passes:
    """Views as the tower sees them: tokens z [v, 50, 256], queries of [CLS] [v, layers, heads, 64] and keys [v, layers, heads, 50, 64]."""

    tokens: np.ndarray
    queries: np.ndarray
    keys: np.ndarray

    def attention(self, target: int) -> np.ndarray:
        """What the target's [CLS] looks at in every view, layer by layer, mean over heads: [v, layers, 50]."""
        query = self.queries[target] / np.sqrt(self.queries.shape[-1])
        scores = np.einsum("lhd,vlhtd->vlht", query, self.keys)
        exponents = np.exp(scores - scores.max(-1, keepdims=True))
        return (exponents / exponents.sum(-1, keepdims=True)).mean(2)


class TappedTower:
    def __init__(self, bundle: Path) -> None:
        model = onnx.load(str(bundle / "vision.onnx"))
        model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in TAPS)
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        nodes = {node.name: node for node in model.graph.node}
        stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        casts = {node.output[0]: node.input[0] for node in model.graph.node if node.op_type == "Cast"}

        def weight(node: str, place: int) -> Tensor:
            name = nodes[node].input[place]
            return torch.from_numpy(stored[name if name in stored else casts[name]].astype(np.float32))

        self.gain, self.bias = (weight("/tower/post_layernorm/LayerNormalization", place) for place in (1, 2))
        self.projection = weight("/tower/visual_projection/MatMul", 1)

    def run(self, pixels: np.ndarray) -> Passes:
        """@param pixels [v, 3, 224, 224], normalised."""
        tokens, *taps = self.session.run(["last_hidden_state", *TAPS], {"pixel_values": pixels})
        queries = np.stack(taps[0::2], 1)[:, :, :, 0]
        return Passes(tokens, queries, np.stack(taps[1::2], 1).swapaxes(-1, -2))

    def project(self, tokens: Tensor) -> Tensor:
        """The pooling head on any tokens, at unit length."""
        return normalize(layer_norm(tokens, tokens.shape[-1:], self.gain, self.bias) @ self.projection, dim=-1)

    def weights(self, tokens: Tensor, attention: Tensor, texts: Tensor, aligned: Tensor) -> Tensor:
        """a [n, 50, c], sums 1 over tokens: attention [n, 50] and, where `aligned` [n], alignment of the tokens [n, 50, 256]."""
        mu = torch.where(aligned[:, None, None], (self.project(tokens) @ texts.T).clamp(min=0), 1.0)
        return token_weights(attention, mu)

    def pooled(self, tokens: Tensor, attention: Tensor, texts: Tensor, aligned: Tensor) -> Tensor:
        """Tokens averaged for every class, [n, c, 256]."""
        return torch.einsum("ntc,ntd->ncd", self.weights(tokens, attention, texts, aligned), tokens)

    def alignment(self, representations: Tensor, texts: Tensor) -> Tensor:
        """Ω of every object and class [n, c]: the cosine of each class's own representation with its text."""
        return (self.project(representations) * texts).sum(-1)
