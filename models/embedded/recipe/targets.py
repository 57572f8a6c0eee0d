"""The text vectors that the image tower is trained towards, and how names bear on one another."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import normalize

from names import Vocabulary
from text_vectors import NameVectors

NEVER = -1e4  # added to the logit of what is neither right nor wrong


@dataclass(frozen=True)
class Targets:
    """Unit text vectors [n, 512] and how names bear on one another."""

    classes: Tensor
    imagenet: Tensor
    neighbours: Tensor
    mean: Tensor
    related: Tensor  # [c, c] NEVER where neither counts as wrong for the other
    matching: Tensor  # [c, c] 1 where a thing of the row's class is also one of the column's (dalmatian: dog)
    imagenet_allowed: Tensor  # [1000] 0 for kept-out names
    class_neighbours: Tensor  # [c, n] distributions
    imagenet_neighbours: Tensor  # [1000, n]
    coco: Tensor  # [80] which class each of COCO's names is

    def near(self, vectors: Tensor) -> Tensor:
        """What unit vectors [m, 512] are like: distributions over the neighbours [m, n]."""
        return _near(vectors, self.neighbours)

    @staticmethod
    def of(vocabulary: Vocabulary, texts: NameVectors) -> Targets:
        classes = texts.names(vocabulary.classes)
        imagenet = texts.names([names[0] for names in vocabulary.imagenet])
        neighbours = texts.names(vocabulary.neighbours)
        index = {name: at for at, name in enumerate(vocabulary.classes)}
        coco = torch.tensor([index[name] for name in vocabulary.coco])
        matching = torch.eye(len(classes))
        for at, within in enumerate(vocabulary.class_in_coco):
            if within >= 0:
                matching[at, coco[within]] = 1
        return Targets(
            classes,
            imagenet,
            neighbours,
            normalize(neighbours.mean(0), dim=-1),
            torch.from_numpy(vocabulary.related).float() * NEVER,
            matching,
            torch.from_numpy(~vocabulary.imagenet_kept_out).float(),
            _near(classes, neighbours),
            _near(imagenet, neighbours),
            coco,
        )


def _near(vectors: Tensor, neighbours: Tensor) -> Tensor:
    mean = neighbours.mean(0)
    return (18 * normalize(vectors - mean, dim=-1) @ normalize(neighbours - mean, dim=-1).T).softmax(-1)
