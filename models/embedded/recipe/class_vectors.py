"""Where names of photos that CLIP gave no vector belong in its text space: learnt with the photos, from what WordNet says.

The image tower is trained once with these vectors free, the text tower then learns them as it learns CLIP's own, and the image
tower is trained anew towards the text tower's. Names kept out of training have no photos here, so they stay WordNet's.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from names import Vocabulary
from targets import Targets
from text_targets import ClipTexts, WordSpace
from wordnet import WordNet, plain


class WordVectors:
    """Unit vectors of names by CLIP, else by WordNet: a stand-in for a text tower that is not trained yet."""

    def __init__(self, data: Path, wordnet: Path) -> None:
        self.space = WordSpace(ClipTexts.of(data / "clip-text"), WordNet(wordnet))

    def vector(self, name: str) -> Tensor:
        meant = self.space.of([name])
        return self.space.unit(self.space.own(name) if meant is None else meant)

    def names(self, names: list[str]) -> Tensor:
        return torch.stack([self.vector(name) for name in names])

    def is_known(self, name: str) -> bool:
        """Whether CLIP gave it a vector."""
        return plain(name) in self.space.real


class ClassVectors(nn.Module):
    """Vectors of class names and ImageNet's labels, free where CLIP gave none. A label that is a class has the class's."""

    def __init__(self, targets: Targets, vocabulary: Vocabulary, words: WordVectors) -> None:
        super().__init__()
        labels = [names[0] for names in vocabulary.imagenet]
        at = {plain(name): k for k, name in enumerate(vocabulary.classes)}
        self.targets, self.vocabulary = targets, vocabulary
        self.same = torch.tensor(
            [next((at[plain(each)] for each in names if plain(each) in at), -1) for names in vocabulary.imagenet]
        )
        self.free_classes = torch.tensor([[float(not words.is_known(name))] for name in vocabulary.classes])
        kept_out = torch.from_numpy(vocabulary.imagenet_kept_out)
        self.free_labels = torch.tensor([[float(not words.is_known(name))] for name in labels]) * (~kept_out).float()[:, None]
        self.classes = nn.Parameter(torch.zeros_like(targets.classes))
        self.labels = nn.Parameter(torch.zeros_like(targets.imagenet))

    def vectors(self) -> tuple[Tensor, Tensor]:
        classes = normalize(self.targets.classes + self.classes * self.free_classes, dim=-1)
        labels = normalize(self.targets.imagenet + self.labels * self.free_labels, dim=-1)
        return classes, torch.where(self.same[:, None] >= 0, classes[self.same.clamp(min=0)], labels)

    def forward(self) -> Targets:
        classes, labels = self.vectors()
        near = self.targets.near
        return replace(
            self.targets,
            classes=classes,
            imagenet=labels,
            class_neighbours=near(classes.detach()),
            imagenet_neighbours=near(labels.detach()),
        )

    def save(self, path: Path) -> None:
        """Of each name with a vector that was free, and of each label's synonyms, what was learnt."""
        with torch.no_grad():
            classes, labels = self.vectors()
        learnt = {name: classes[k].tolist() for k, name in enumerate(self.vocabulary.classes) if self.free_classes[k] > 0}
        for k, names in enumerate(self.vocabulary.imagenet):
            if self.free_labels[k] > 0 or (self.same[k] >= 0 and self.free_classes[self.same[k]] > 0):
                for name in names:
                    learnt.setdefault(name, labels[k].tolist())
        path.write_text(json.dumps(learnt))
