"""What texts the text tower learns, and where in CLIP's text space they belong.

CLIP's own vectors are at hand for 1,612 names and 500 captions. WordNet's other names of things get a vector from their
neighbours in its graph, and every sense's gloss is one more text for its vector.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from wordnet import PHYSICAL, WordNet, plain

WIDTH = 512
ROUNDS = 30
CHILD_HEARS_PARENT = 3.0
FADING = 0.8  # of the trust in a vector, a step away from CLIP's
LEAST_TRUST = 0.12
OWN = 0.35  # share of a vector that is the name's alone, so that names alike stay apart


@dataclass(frozen=True)
class Texts:
    """Texts with unit vectors [n, 512] and how much each counts."""

    texts: list[str]
    vectors: Tensor
    trust: Tensor


@dataclass(frozen=True)
class ClipTexts:
    names: list[str]
    name_vectors: Tensor
    captions: list[str]
    caption_vectors: Tensor

    @staticmethod
    def of(folder: Path) -> ClipTexts:
        def vectors(file: str) -> Tensor:
            return normalize(torch.from_numpy(np.load(folder / file).astype(np.float32)), dim=-1)

        names = json.loads((folder / "names.json").read_text())["names"]
        captions = json.loads((folder / "captions.json").read_text())["captions"]
        return ClipTexts(names, vectors("embeddings.f16.npy"), captions, vectors("captions.f16.npy"))


def without_brackets(name: str) -> str:
    return re.sub(r"\s*\(.*?\)", "", name).strip()


class WordSpace:
    """CLIP's vectors of names, spread over WordNet's things. Vectors are centred on the names' mean.

    @param left_out names whose vectors are kept from it, so that they can be asked for.
    """

    def __init__(self, clip: ClipTexts, wordnet: WordNet, left_out: frozenset[str] = frozenset()) -> None:
        self.wordnet = wordnet
        self.mean = clip.name_vectors.mean(0)
        centred = clip.name_vectors - self.mean
        self.length = float(centred.norm(dim=-1).median())
        self.real: dict[str, Tensor] = {}
        for spelled in (plain, lambda name: plain(without_brackets(name))):
            for name, vector in zip(clip.names, centred):
                if name not in left_out:
                    self.real.setdefault(spelled(name), vector)
        root = wordnet.first_sense(PHYSICAL)
        assert root
        self.things = sorted(wordnet.below(root))
        self.at = {sense: k for k, sense in enumerate(self.things)}
        self.known = torch.zeros(len(self.things), dtype=torch.bool)
        self.vectors, self.trust = self._spread()

    def _spread(self) -> tuple[Tensor, Tensor]:
        vectors = torch.zeros(len(self.things), WIDTH)
        counts = torch.zeros(len(self.things))
        for name, vector in self.real.items():
            sense = next((each for each in self.wordnet.senses.get(name, [])[:4] if each in self.at), None)
            if sense:
                vectors[self.at[sense]] += vector
                counts[self.at[sense]] += 1
        self.known = counts > 0
        vectors[self.known] /= counts[self.known, None]
        rows, columns, weights = [], [], []
        for sense in self.things:
            for parent in self.wordnet.parents[sense]:
                if parent in self.at:
                    child, above = self.at[sense], self.at[parent]
                    rows += [child, above]
                    columns += [above, child]
                    weights += [CHILD_HEARS_PARENT, len(self.wordnet.children[parent]) ** -0.5]
        total = torch.zeros(len(self.things)).index_add_(0, torch.tensor(rows), torch.tensor(weights)).clamp(min=1e-9)
        shares = torch.tensor(weights) / total[rows]
        size = (len(self.things), len(self.things))
        graph = torch.sparse_coo_tensor(torch.tensor([rows, columns]), shares, size, check_invariants=True).coalesce()
        trust = self.known.float()
        fixed = vectors.clone()
        for _ in range(ROUNDS):
            vectors = graph @ vectors
            vectors[self.known] = fixed[self.known]
            trust = FADING * (graph @ trust[:, None])[:, 0]
            trust[self.known] = 1
        return vectors, trust

    def _sized(self, vector: Tensor) -> Tensor:
        return vector / vector.norm().clamp(min=1e-6) * self.length

    def unit(self, centred: Tensor) -> Tensor:
        return normalize(self.mean + centred, dim=-1)

    def head(self, name: str) -> Tensor | None:
        """What the longest known ending of a name of several words means (komondor dog: dog)."""
        words = name.split()
        return next((self.real[" ".join(words[k:])] for k in range(1, len(words)) if " ".join(words[k:]) in self.real), None)

    def thing(self, name: str) -> int | None:
        return next((self.at[sense] for sense in self.wordnet.senses.get(name, []) if sense in self.at), None)

    def own(self, name: str) -> Tensor:
        """A direction that is this name's alone, the same every time."""
        seed = int(hashlib.md5(name.encode()).hexdigest()[:8], 16)
        return self._sized(torch.randn(WIDTH, generator=torch.Generator().manual_seed(seed)))

    def of(self, names: list[str]) -> Tensor | None:
        """Centred vector of a thing by any of its names; none where neither CLIP nor WordNet knows a word of it.

        A name CLIP gave no vector keeps a direction of its own beside what it is an example of.
        """
        spelled = [plain(name) for name in names]
        for name in spelled:
            if name in self.real:
                return self.real[name]
        first, words = spelled[0], spelled[0].split()
        parts = [
            *spelled,
            *(" ".join(words[k:]) for k in range(1, len(words))),
            *(" ".join(words[:k]) for k in range(len(words) - 1, 0, -1)),
        ]
        found = next((at for part in parts if (at := self.thing(part)) is not None), None)
        heads = [vector for vector in (self.head(first),) if vector is not None]
        if found is not None:
            heads.append(self.vectors[found])
        if not heads:
            return None
        meant = torch.stack([self._sized(vector) for vector in heads]).mean(0)
        return self._sized(meant) + OWN * self.own(first)

    def things_named(self) -> Texts:
        """Names of WordNet's things that CLIP gave no vector, in their first sense."""
        texts, vectors, trust = [], [], []
        for at, sense in enumerate(self.things):
            if self.known[at] or self.trust[at] < LEAST_TRUST:
                continue
            for word in self.wordnet.words[sense][:2]:
                name = plain(word)
                proper = word[:1].isupper() or re.search(r"[0-9]", word)
                if len(name) < 3 or proper or name in self.real or self.wordnet.first_sense(name) != sense:
                    continue
                head = self.head(name)
                meant = self.vectors[at] if head is None else self._sized(self.vectors[at]) + self._sized(head)
                texts.append(name)
                vectors.append(self.unit(self._sized(meant) + OWN * self.own(name)))
                trust.append(float(self.trust[at]))
        return Texts(texts, torch.stack(vectors), torch.tensor(trust))

    def glosses(self) -> Texts:
        """Glosses of things whose vector is trusted, CLIP's own or their neighbours'."""
        chosen = [at for at in range(len(self.things)) if self.trust[at] >= LEAST_TRUST and self.wordnet.glosses[self.things[at]]]
        texts = [re.sub(r"[^a-zA-Z0-9 ,\-'.]", " ", self.wordnet.glosses[self.things[at]].split(";")[0]) for at in chosen]
        return Texts(texts, torch.stack([self.unit(self._sized(self.vectors[at])) for at in chosen]), self.trust[chosen])


def class_texts(space: WordSpace, labels: list[list[str]], clip_names: set[str], learnt: dict[str, list[float]]) -> Texts:
    """Names photos and ImageNet's labels carry that CLIP gave no vector, a line of synonyms each: with the vector that was learnt
    with photos, else with that of the thing."""
    texts: list[str] = []
    vectors: list[Tensor] = []
    for synonyms in labels:
        seen = next((learnt[name] for name in synonyms if name in learnt), None)
        meant = torch.tensor(seen) - space.mean if seen else space.of(synonyms)
        for name in map(plain, synonyms):
            if meant is not None and len(name) > 2 and name not in clip_names and name not in texts:
                texts.append(name)
                vectors.append(space.unit(meant))
    return Texts(texts, torch.stack(vectors), torch.ones(len(texts)))
