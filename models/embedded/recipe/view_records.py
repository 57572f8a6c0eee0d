"""Cached views with what is on them, drawn in batches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from views import GRID

CELLS = GRID * GRID


@dataclass(frozen=True)
class Batch:
    middle: Tensor  # [b, 120, 14, 14]
    late: Tensor  # [b, 352, 7, 7]
    kinds: np.ndarray  # [b] of str
    shares: Tensor  # [b, classes], rows sum to 1, or to 0 where nothing known is on the view (painted)
    region_view: Tensor  # [r] which view of the batch
    region_class: Tensor  # [r]
    region_cells: Tensor  # [r, 49] share of each cell


class ViewRecords:
    def __init__(self, folder: Path, name: str, classes: list[str]) -> None:
        self.middle = np.load(folder / f"{name}.middle.npy", mmap_mode="r")
        self.late = np.load(folder / f"{name}.late.npy", mmap_mode="r")
        rows = json.loads((folder / f"{name}.json").read_text())
        self.kinds = np.array([row["kind"] for row in rows])
        self.labels = [row["labels"] for row in rows]
        self.cells = [None if row["cells"] is None else np.array(row["cells"], np.float32) for row in rows]
        # Of views that are measured on.
        self.photos = [row.get("photo") for row in rows]
        self.class_count = len(classes)
        self.index = {name: at for at, name in enumerate(classes)}

    def __len__(self) -> int:
        return len(self.kinds)

    def weights(self) -> np.ndarray:
        """How often each view is drawn: rare classes and boxes more often than their number."""
        first = np.array([self.index.get(labels[0], -1) if labels else -1 for labels in self.labels])
        single = np.isin(self.kinds, ("photo", "crop")) & (first >= 0)
        count = np.bincount(first[single], minlength=self.class_count)
        weight = np.clip((count[first].clip(1) / 160) ** -0.4, 0.5, 4)
        by_kind = {"photo": 1.0, "crop": 2.5, "mosaic": 1.5, "scene": 3.0, "painted": 5.0}
        weight = np.where(single, weight, 1) * np.array([by_kind.get(kind, 0.0) for kind in self.kinds])
        known = [kind == "painted" or any(label in self.index for label in labels) for kind, labels in zip(self.kinds, self.labels)]
        weight = weight * np.array(known)
        return weight / weight.sum()

    def features(self, indices: np.ndarray) -> tuple[Tensor, Tensor]:
        return (
            torch.from_numpy(self.middle[indices].astype(np.float32)),
            torch.from_numpy(self.late[indices].astype(np.float32)),
        )

    def batch(self, indices: np.ndarray, chance: np.random.Generator | None = None, pasted: float = 0.0) -> Batch:
        """@param pasted: the share of photos and crops that get a rectangle of another's cells (CutMix on features): few
        crops are there, and no two batches show one alike."""
        middle, late = self.features(indices)
        kinds = self.kinds[indices]
        all_labels = [self.labels[at] for at in indices]
        all_cells = [self.cells[at] for at in indices]
        if chance is not None and pasted > 0:
            self._paste(kinds, all_labels, all_cells, middle, late, chance, pasted)
        shares = np.zeros((len(indices), self.class_count), np.float32)
        views, names, areas = [], [], []
        for row in range(len(indices)):
            if kinds[row] == "painted":
                continue
            cells = all_cells[row]
            for k, label in enumerate(all_labels[row]):
                name = self.index.get(label)
                if name is None:
                    continue
                area = np.ones(CELLS, np.float32) if cells is None else cells[k]
                shares[row, name] += area.sum() / CELLS if kinds[row] != "scene" else min(1, area.sum() / 12)
                if area.sum() >= 0.6:
                    views.append(row)
                    names.append(name)
                    areas.append(area)
        shares /= np.maximum(shares.sum(1, keepdims=True), 1e-6)
        return Batch(
            middle,
            late,
            kinds,
            torch.from_numpy(shares),
            torch.tensor(views, dtype=torch.long),
            torch.tensor(names, dtype=torch.long),
            torch.from_numpy(np.array(areas, np.float32).reshape(-1, CELLS)),
        )

    @staticmethod
    def _paste(
        kinds: np.ndarray,
        labels: list[list[str]],
        cells: list[np.ndarray | None],
        middle: Tensor,
        late: Tensor,
        chance: np.random.Generator,
        share: float,
    ) -> None:
        """Makes a share of the photos and crops mosaics of two, in place."""
        single = np.flatnonzero(np.isin(kinds, ("photo", "crop")))
        receivers = single[chance.random(len(single)) < share]
        whole_middle, whole_late, whole_labels = middle.clone(), late.clone(), list(labels)
        for row, giver in zip(receivers, chance.choice(single, len(receivers))):
            own, other = whole_labels[row][0], whole_labels[giver][0]
            if own == other:
                continue
            h, w = chance.integers(2, GRID, size=2)
            top, left = chance.integers(0, GRID - h + 1), chance.integers(0, GRID - w + 1)
            down, across = slice(top, top + h), slice(left, left + w)
            fine_down, fine_across = slice(2 * top, 2 * (top + h)), slice(2 * left, 2 * (left + w))
            late[row, :, down, across] = whole_late[giver, :, down, across]
            middle[row, :, fine_down, fine_across] = whole_middle[giver, :, fine_down, fine_across]
            kept = np.ones((GRID, GRID), np.float32)
            kept[down, across] = 0
            kinds[row], labels[row], cells[row] = "mosaic", [own, other], [kept.ravel(), 1 - kept.ravel()]
