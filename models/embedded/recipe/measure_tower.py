"""Figures of the image tower on cached plain views, for watching while it trains. The product's own command measures the bundle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from image_tower import ImageTower
from intervals import share_interval
from names import Vocabulary
from sources import ASIDE, WATCHED_ANIMALS
from targets import Targets
from text_vectors import NameVectors
from view_records import ViewRecords

VOC = (
    "airplane,bicycle,bird,boat,bottle,bus,car,cat,chair,cow,dining table,dog,horse,motorcycle,person,potted plant,"
    "sheep,couch,train,tv"
).split(",")


@dataclass(frozen=True)
class Share:
    """What was right, a view each, and the photos of the views."""

    right: np.ndarray
    photos: np.ndarray

    @property
    def value(self) -> float:
        return float(self.right.mean())

    def told(self) -> dict[str, object]:
        """With its 95 % interval over photos, and how many views it was measured on."""
        _, photo = np.unique(self.photos, return_inverse=True)
        low, high = share_interval(np.bincount(photo, self.right), np.bincount(photo))
        return dict(value=round(self.value, 3), interval=[round(low, 3), round(high, 3)], n=len(self.right))


class TowerFigures:
    def __init__(self, records: ViewRecords, vocabulary: Vocabulary, targets: Targets, texts: NameVectors) -> None:
        self.records, self.vocabulary, self.targets = records, vocabulary, targets
        if None in records.photos:
            raise ValueError("The cached views are an earlier recipe's: delete measure.* in the work folder, and they are made anew.")
        self.photos = np.array(records.photos)
        self.labels = np.array([labels[0] if labels else "" for labels in records.labels])
        self.voc = texts.names(VOC)
        self.coco = targets.classes[targets.coco]
        self.kept_out = sorted({label for label, kind in zip(self.labels, records.kinds) if kind == "kept out"})
        photo_classes = sorted({label for label, kind in zip(self.labels, records.kinds) if kind == "photo"})
        self.photo_names = photo_classes
        self.photo_vectors = texts.names(photo_classes)
        self.kept_vectors = texts.names(self.kept_out)

    def embeddings(self, tower: ImageTower, indices: np.ndarray) -> tuple[Tensor, Tensor]:
        first, patches = [], []
        tower.eval()
        with torch.no_grad():
            for start in range(0, len(indices), 128):
                embedding, hidden = tower(*self.records.features(indices[start : start + 128]))
                first.append(normalize(embedding, dim=-1))
                patches.append(normalize(tower.project(hidden[:, 1:]), dim=-1))
        tower.train()
        return torch.cat(first), torch.cat(patches)

    def of(self, tower: ImageTower) -> dict[str, float]:
        """On every fourth photo, without the animals set aside."""
        figures = self._measured(tower, 4, False)
        return {name: round(each.value if isinstance(each, Share) else each, 3) for name, each in figures.items()}

    def at_the_end(self, tower: ImageTower) -> dict[str, object]:
        """On all photos, the animals set aside too; shares with their intervals."""
        figures = self._measured(tower, 1, True)
        return {name: each.told() if isinstance(each, Share) else round(each, 3) for name, each in figures.items()}

    def _measured(self, tower: ImageTower, part: int, judge_aside: bool) -> dict[str, Share | float]:
        def share(right: np.ndarray, views: np.ndarray) -> Share:
            return Share(right, self.photos[views])

        kinds, labels = self.records.kinds, self.labels
        photos = np.flatnonzero(kinds == "photo")[::part]
        crops = np.flatnonzero(kinds == "crop")
        painted = np.flatnonzero(kinds == "painted")
        e, _ = self.embeddings(tower, photos)
        top = (e @ self.photo_vectors.T).topk(5).indices.numpy()
        index = {name: at for at, name in enumerate(self.photo_names)}
        truth = np.array([index[label] for label in labels[photos]])[:, None]
        figures: dict[str, Share | float] = {
            "photos top-1": share(top[:, 0] == truth[:, 0], photos),
            "photos top-5": share((top == truth).any(1), photos),
        }
        e, p = self.embeddings(tower, crops)
        names = np.array(self.vocabulary.coco)
        figures["COCO crops top-1"] = share(names[(e @ self.coco.T).argmax(1)] == labels[crops], crops)
        pooled = normalize(p.mean(1), dim=-1)
        figures["COCO crops top-1, mean of patches"] = share(names[(pooled @ self.coco.T).argmax(1)] == labels[crops], crops)
        known = np.isin(labels[crops], VOC)
        figures["VOC crops top-1"] = share(np.array(VOC)[(e[known] @ self.voc.T).argmax(1)] == labels[crops][known], crops[known])
        score = (e @ self.voc.T).max(1).values.numpy()
        figures["AUROC VOC / other COCO"] = auroc(score[known], score[~known])
        pooled_score = (pooled @ self.voc.T).max(1).values.numpy()
        figures["same, mean of patches"] = auroc(pooled_score[known], pooled_score[~known])
        for name, animals in (("watched", WATCHED_ANIMALS), ("aside", ASIDE)):
            if name == "aside" and not judge_aside:
                continue
            others, _ = self.embeddings(tower, np.flatnonzero((kinds == "kept out") & np.isin(labels, animals)))
            figures[f"AUROC VOC / {name} animals"] = auroc(score[known], (others @ self.voc.T).max(1).values.numpy())
        e, _ = self.embeddings(tower, painted)
        figures["painted over top-1"] = share(names[(e @ self.coco.T).argmax(1)] == labels[painted], painted)
        figures["painted over, above 5 % of crops"] = float(
            ((e @ self.voc.T).max(1).values.numpy() > np.quantile(score[known], 0.05)).mean()
        )
        kept = np.flatnonzero((kinds == "kept out") & ~np.isin(labels, ASIDE))[:: 1 if judge_aside else 2]
        e, _ = self.embeddings(tower, kept)
        every = torch.cat([self.photo_vectors, self.kept_vectors])
        all_names = np.array([*self.photo_names, *self.kept_out])
        top = all_names[(e @ every.T).topk(5).indices.numpy()]
        hit = (top == labels[kept][:, None]).any(1)
        figures["kept-out names top-5"] = share(hit, kept)
        # A text tower may owe the other names' vectors to photos of these very things.
        by_clip = np.isin(labels[kept], self.vocabulary.neighbours)
        figures["kept-out names top-5, of names CLIP gave a vector"] = share(hit[by_clip], kept[by_clip])
        return figures | self.pointing(tower)

    def pointing(self, tower: ImageTower) -> dict[str, Share | float]:
        """Whether the patch nearest a present class lies in one of its boxes, for classes on less than half the scene."""
        scenes = np.flatnonzero(self.records.kinds == "scene")
        _, patches = self.embeddings(tower, scenes)
        hits, chances, photos = [], [], []
        index = {name: at for at, name in enumerate(self.vocabulary.coco)}
        for row, at in enumerate(scenes):
            boxes = self.records.cells[at]
            assert boxes is not None, "a scene has boxes"
            for label, cells in zip(self.records.labels[at], boxes):
                covered = cells > 0
                if covered.mean() > 0.5:
                    continue
                hits.append(covered[int((patches[row] @ self.coco[index[label]]).argmax())])
                chances.append(covered.mean())
                photos.append(self.photos[at])
        return {"pointing": Share(np.array(hits), np.array(photos)), "pointing by chance": float(np.mean(chances))}


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    both = np.concatenate([inside, outside])
    order = both.argsort(kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    return float((ranks[: len(inside)].sum() - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside)))
