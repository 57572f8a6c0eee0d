"""Trains the objectness head and writes a `detector.onnx` with it, which the product reads as it reads the CenterNet's. An attempt: it
boxes unknown things no better (README.md), so the bundle's detector has none.

    python make_detector_head.py --data <folder> --detector ../detector.onnx --output <detector.onnx> [--without-rooms]

Photos of free terms only. Trained on COCO train2017's photos, roads, half of the rooms (by the hash of their names; the other half is
measured on) and things pasted into these; eight names of the rooms are kept out. Scores are brought onto the CenterNet's scale: as many
boxes pass .1 and .2 on half A of COCO val2017 as did before, counted as the product counts; labels of these photos are not read.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import torch

from measure_detector import KEPT_OUT_THINGS, passing, peaks
from objectness_head import SIDE, CenterNet, Cells, ObjectnessHead, ScoredPeaks, export_detector, fitted, sampled_cells
from pasted_scenes import Scene, cropped, cut_outs, flipped, scene_of, with_pasted
from sources import Photo, Sources, is_drawn

# Photos of a batch by group.
SHARES = {"coco": 2.0, "pasted": 1.5, "rooms": 1.2, "roads": 0.3}
SCENES_PASTED = 500
MATCHED = (0.1, 0.2)
FORMER_SHA256 = "9f40c6df52ef7c3f1a74283522003608ea85c833caf48aaa1a4a944aa5d6c472"


def is_trained_on(photo: Photo) -> bool:
    """Half of the rooms."""
    return photo.source != "indoor_rooms" or is_drawn(photo.path, 2)


def scenes(sources: Sources, rng: Random, without_rooms: bool) -> Iterator[tuple[str, Scene]]:
    boxed = [photo for photo in [*sources.training, *sources.held_out] if is_trained_on(photo)]
    coco, rooms, roads = ([photo for photo in boxed if photo.source == source] for source in ("coco256", "indoor_rooms", "highway"))
    rooms = [] if without_rooms else rooms
    for name, photos in (("coco", coco), ("rooms", rooms)):
        for photo in photos:
            yield name, scene_of(sources, photo)
            yield name, cropped(scene_of(sources, photo), rng)
    for photo in rooms:
        yield "rooms", flipped(scene_of(sources, photo))
    for photo in roads:
        yield "roads", scene_of(sources, photo)
    cuts = cut_outs(sources, rng)
    print(f"{len(cuts)} cut-outs of {len({name for name, _ in cuts})} classes", flush=True)
    grounds = coco * 3 + rooms * 2 + roads[::2]
    for _ in range(SCENES_PASTED):
        yield "pasted", with_pasted(scene_of(sources, rng.choice(grounds)), cuts, rng)


def training_cells(network: CenterNet, sources: Sources, seed: int, without_rooms: bool) -> dict[str, list[Cells]]:
    cells: dict[str, list[Cells]] = {name: [] for name in SHARES}
    rng = np.random.default_rng(seed)
    for at, (name, scene) in enumerate(scenes(sources, Random(seed), without_rooms)):
        cells[name].append(sampled_cells(network, scene, KEPT_OUT_THINGS, rng))
        if (at + 1) % 100 == 0:
            print(f"{at + 1} scenes", flush=True)
    return {name: found for name, found in cells.items() if found}


Peaks = list[tuple[np.ndarray, np.ndarray]]


@torch.no_grad()
def peaks_before_and_after(network: CenterNet, head: ObjectnessHead, sources: Sources, photos: list[Photo]) -> tuple[Peaks, Peaks]:
    """Boxes and scores of each photo: the CenterNet's, and with the head, not yet on its scale."""
    scored = ScoredPeaks(head, 1.0, 0.0)
    before, after = [], []
    for photo in photos:
        image = sources.open(photo)
        maps = network.maps(image)
        distances, size = maps[-1][0].numpy(), (image.width, image.height)
        before.append(peaks(torch.sigmoid(maps[-2].amax(1)[0]).numpy(), distances, SIDE, *size))
        after.append(peaks(scored(*maps)[0, 0].numpy(), distances, SIDE, *size))
    return before, after


def boxes_a_photo(found: Peaks, threshold: float) -> float:
    return float(np.mean([len(passing(boxes, scores, threshold)) for boxes, scores in found]))


def scale_and_shift(before: Peaks, after: Peaks) -> tuple[float, float]:
    """So that as many boxes pass each of `MATCHED` as before."""
    logits = []
    for threshold in MATCHED:
        wanted, low, high = boxes_a_photo(before, threshold), 0.0, 1.0
        for _ in range(16):
            middle = (low + high) / 2
            low, high = (middle, high) if boxes_a_photo(after, middle) > wanted else (low, middle)
        logits.append(logit(high))
    scale = (logit(MATCHED[1]) - logit(MATCHED[0])) / (logits[1] - logits[0])
    return scale, logit(MATCHED[1]) - scale * logits[1]


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--detector", type=Path, required=True, help="the CenterNet without a head")
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--without-rooms", action="store_true", help="then no name of the rooms was trained on")
    arguments.add_argument("--steps", type=int, default=400)
    arguments.add_argument("--batch", type=int, default=2048)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--threads", type=int, default=1)
    given = arguments.parse_args()
    if hashlib.sha256(given.detector.read_bytes()).hexdigest() != FORMER_SHA256:
        raise SystemExit(f"{given.detector} is not the CenterNet whose inner maps the head reads. Give the detector.onnx beside this folder.")
    torch.set_num_threads(given.threads)
    sources, network = Sources(given.data, free_only=True), CenterNet(given.detector, given.threads)
    cells = training_cells(network, sources, given.seed, given.without_rooms)
    head = fitted([(SHARES[name], some) for name, some in cells.items()], given.steps, given.batch, given.seed)
    half = [photo for photo in sources.coco_validation if is_drawn(Path(photo.path).name, 2)]
    scale, shift = scale_and_shift(*peaks_before_and_after(network, head, sources, half))
    print(f"score = sigmoid({scale:.3f} mean logit {shift:+.3f})")
    export_detector(network, ScoredPeaks(head, scale, shift), given.output)


if __name__ == "__main__":
    main()
