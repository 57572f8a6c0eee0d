"""Unit vectors of names by the finished text tower."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer
from torch import Tensor

PROMPTS = ("a photo of a {}", "a {}", "{}")


class NameVectors(Protocol):
    def names(self, names: list[str]) -> Tensor:
        """[n, 512], of length 1."""
        ...


class TextVectors:
    def __init__(self, bundle: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(bundle / "tokenizer.json"))
        self.session = onnxruntime.InferenceSession(str(bundle / "text.onnx"), providers=["CPUExecutionProvider"])

    def texts(self, texts: list[str]) -> Tensor:
        """[n, 512], of length 1."""
        rows = []
        for start in range(0, len(texts), 256):
            ids = [each.ids for each in self.tokenizer.encode_batch(texts[start : start + 256])]
            rows.append(self.session.run(["text_embeds"], {"input_ids": np.array(ids, np.int64)})[0])
        return torch.nn.functional.normalize(torch.from_numpy(np.concatenate(rows)), dim=-1)

    def names(self, names: list[str], prompts: Sequence[str] = PROMPTS) -> Tensor:
        """The mean over a few prompts, of length 1."""
        prompted = torch.stack([self.texts([prompt.format(name) for name in names]) for prompt in prompts])
        return torch.nn.functional.normalize(prompted.sum(0), dim=-1)
