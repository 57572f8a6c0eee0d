"""Caches the frozen stem's features of every view, float16, so that training never runs a convolution twice.

A set of views is `<name>.middle.npy` [n, 120, 14, 14], `<name>.late.npy` [n, 352, 7, 7] and `<name>.json`. What was begun is
gone on with: finished blocks are marked in `<name>.done.npy`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch.multiprocessing as processes
from numpy.lib.format import open_memmap
from PIL import Image

from sources import Photo, Sources
from stem import LATE_CHANNELS, MIDDLE_CHANNELS
from views import (
    GRID,
    View,
    as_input,
    box_regions,
    is_measured,
    painted_over,
    plain_crop,
    plain_photo,
    squashed,
    training_recipes,
    training_view,
    cut,
)

BLOCK = 32


@dataclass(frozen=True)
class ViewSet:
    """`count` views; `make(i)` gives the picture and what is written about it. The same i gives the same."""

    count: int
    make: Callable[[int], tuple[Image.Image, dict]]


def about(view: View) -> dict:
    regions = [dict(label=region.label, cells=[round(float(v), 3) for v in region.cells]) for region in view.regions]
    whole = view.kind in ("photo", "crop", "painted")
    return dict(kind=view.kind, labels=[r["label"] for r in regions], cells=None if whole else [r["cells"] for r in regions])


def training_set(sources: Sources, photo_views: int, seed: int) -> ViewSet:
    recipes = training_recipes(sources, photo_views, seed)

    def make(index: int) -> tuple[Image.Image, dict]:
        view = training_view(sources, recipes[index], f"{seed}-{index}")
        return view.image, about(view)

    return ViewSet(len(recipes), make)


def measuring_set(sources: Sources) -> ViewSet:
    """Plain views of what was not trained on: photos, kept-out photos, crops of COCO val2017, the same painted over, scenes."""
    jobs: list[tuple[str, Photo, int]] = [("photo", photo, -1) for photo in sources.held_out if photo.label]
    jobs += [("kept out", photo, -1) for photo in sources.kept_out]
    boxes = [(photo, at) for photo in sources.coco_validation for at, box in enumerate(photo.boxes) if is_measured(box)]
    jobs += [(kind, photo, at) for kind in ("crop", "painted") for photo, at in boxes]
    jobs += [("scene", photo, -1) for photo in sources.coco_validation]

    def make(index: int) -> tuple[Image.Image, dict]:
        kind, photo, at = jobs[index]
        image = sources.open(photo)
        if kind == "scene":
            regions = box_regions(photo, (0, 0, image.width, image.height))
            return squashed(image), dict(about(View("scene", image, regions)), photo=photo.path)
        if kind in ("photo", "kept out"):
            return plain_photo(image), dict(kind=kind, labels=[photo.label], cells=None, photo=photo.path)
        box = photo.boxes[at]
        row = dict(kind=kind, labels=[box.label], cells=None, photo=photo.path)
        if kind == "crop":
            return plain_crop(image, box), row
        return squashed(cut(painted_over(image, box, (0, 0, 0)), box, 0.3)), row

    return ViewSet(len(jobs), make)


def cache(name: str, build: Callable[[], ViewSet], stem: Path, folder: Path, workers: int) -> None:
    """@param build makes the set anew in each process, from what is on disk and the seed alone."""
    folder.mkdir(parents=True, exist_ok=True)
    count = build().count
    shapes = {"middle": (count, MIDDLE_CHANNELS, 2 * GRID, 2 * GRID), "late": (count, LATE_CHANNELS, GRID, GRID)}
    done = folder / f"{name}.done.npy"
    if not done.exists():
        for part, shape in shapes.items():
            open_memmap(folder / f"{name}.{part}.npy", "w+", np.float16, shape)
        open_memmap(done, "w+", np.uint8, ((count + BLOCK - 1) // BLOCK,))
    processes.spawn(_work, (workers, name, build, stem, folder), workers)
    rows = [row for part in sorted(folder.glob(f"{name}.rows-*.jsonl")) for row in part.read_text().splitlines()]
    found = {index: row for index, row in (json.loads(row) for row in rows)}
    (folder / f"{name}.json").write_text(json.dumps([found[index] for index in range(count)]))


def _work(rank: int, workers: int, name: str, build: Callable[[], ViewSet], stem: Path, folder: Path) -> None:
    views = build()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(stem), options, providers=["CPUExecutionProvider"])
    middle, late = (open_memmap(folder / f"{name}.{part}.npy", "r+") for part in ("middle", "late"))
    done = open_memmap(folder / f"{name}.done.npy", "r+")
    with open(folder / f"{name}.rows-{rank}.jsonl", "a") as rows:
        for block in range(rank, len(done), workers):
            if done[block]:
                continue
            indices = range(block * BLOCK, min(views.count, (block + 1) * BLOCK))
            made = [views.make(index) for index in indices]
            outputs = session.run(None, {"pixel_values": np.stack([as_input(image) for image, _ in made])})
            middle[block * BLOCK : indices.stop] = outputs[0].astype(np.float16)
            late[block * BLOCK : indices.stop] = outputs[1].astype(np.float16)
            rows.writelines(json.dumps([index, row]) + "\n" for index, (_, row) in zip(indices, made))
            rows.flush()
            done[block] = 1
            if block // workers % 100 == 0:
                print(f"{name}: block {block} of {len(done)}", flush=True)
