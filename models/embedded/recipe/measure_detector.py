"""Recall of the detector on objects outside COCO's eighty classes, which it was never taught: how many of them it boxes at all.

    python measure_detector.py --data <folder> --detector ../detector.onnx

Boxed photos of roads and rooms; objects with sides of 32 px or more. First table: peaks of the heat maps are merged over the classes
in several ways, boxes that overlap more than a limit are dropped, and the best 10 or 30 of a photo are kept whatever they score.
Second table, as the product does it: what is left at a score threshold, on these photos and on COCO val2017, for several sizes of the
input.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from bundle import DETECTION
from sources import BOX_SETS, SMALLEST_MEASURED_SIDE, Photo, Sources

STRIDE = 4
SIDES = (512, 448, 384, 320, 256)
MERGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "largest of the classes": lambda heat: heat.max(0),
    "any of the classes": lambda heat: 1 - np.exp(np.log1p(-heat.clip(0, 0.999)).sum(0)),
    "mean of the three largest": lambda heat: np.sort(heat, axis=0)[-3:].mean(0),
    "root mean square": lambda heat: np.sqrt((heat**2).mean(0)),
}
OVERLAPS = (0.3, 0.45, 0.6, 0.75)
COUNTS = (10, 30)
IOUS = (0.5, 0.7)
THRESHOLDS = (0.1, 0.15, 0.2, 0.25)
Truth = Callable[[Photo], np.ndarray]
# Road users under names that are not COCO's but mean its classes.
ALSO_COCO = frozenset(("van", "motorcyclist", "cyclist", "pedestrian", "sofa", "television", "coffee table", "ignore", "rider"))


def peaks(heat: np.ndarray, edges: np.ndarray, side: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells that none of the eight around exceeds, best first: boxes [n, 4] as left, top, right, bottom in pixels, scores [n]."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1, constant_values=-1)
    around = np.max([padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
    y, x = np.nonzero((heat >= around) & (heat > 0.01))
    order = (-heat[y, x]).argsort(kind="stable")[:400]
    y, x = y[order], x[order]
    left, top, right, bottom = edges[:, y, x]
    boxes = np.stack([STRIDE * x - left, STRIDE * y - top, STRIDE * x + right, STRIDE * y + bottom], 1)
    scale = np.array([width, height, width, height]) / side
    return np.clip(boxes * scale, 0, [width, height, width, height]), heat[y, x]


def ious(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """[n, 4] against [m, 4]: [n, m]."""
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), -1)
    areas = [np.prod(each[:, 2:] - each[:, :2], -1) for each in (a, b)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)


def kept(boxes: np.ndarray, overlap: float, count: int) -> np.ndarray:
    chosen: list[int] = []
    between = ious(boxes, boxes)
    for at in range(len(boxes)):
        if len(chosen) < count and (not chosen or between[at, chosen].max() <= overlap):
            chosen.append(at)
    return boxes[chosen]


def unknown_boxes(photo: Photo, coco: list[str]) -> np.ndarray:
    found = [b.box for b in photo.boxes if b.label not in coco and b.label not in ALSO_COCO and min(b.box[2:]) >= SMALLEST_MEASURED_SIDE]
    corners = [(x, y, x + w, y + h) for x, y, w, h in found]
    return np.array(corners, np.float32).reshape(-1, 4)


def coco_boxes(photo: Photo) -> np.ndarray:
    corners = [(x, y, x + w, y + h) for x, y, w, h in (b.box for b in photo.boxes) if min(w, h) >= SMALLEST_MEASURED_SIDE]
    return np.array(corners, np.float32).reshape(-1, 4)


def heat_maps(session: onnxruntime.InferenceSession, image: Image.Image, side: int) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC), np.float32).transpose(2, 0, 1)[None]
    heat, edges = session.run(["keypoints", "wh"], {"images": pixels})
    return heat[0], edges[0]


def merging_table(session: onnxruntime.InferenceSession, sources: Sources, photos: list[Photo], side: int) -> None:
    hits: dict[tuple[str, float, int, float], list[bool]] = {}
    for photo in photos:
        truth, image = unknown_boxes(photo, sources.coco_names), sources.open(photo)
        heat, edges = heat_maps(session, image, side)
        for merge, merged in MERGES.items():
            boxes, _ = peaks(merged(heat), edges, side, image.width, image.height)
            for overlap in OVERLAPS:
                for count in COUNTS:
                    best = ious(kept(boxes, overlap, count), truth).max(0, initial=0)
                    for iou in IOUS:
                        hits.setdefault((merge, overlap, count, iou), []).extend((best >= iou).tolist())
    print(f"\n{side} px; {len(next(iter(hits.values())))} objects")
    print("| heat maps merged by | overlap limit | " + " | ".join(f"{count} boxes, IoU {iou}" for count in COUNTS for iou in IOUS) + " |")
    for merge in MERGES:
        for overlap in OVERLAPS:
            row = " | ".join(f"{np.mean(hits[(merge, overlap, count, iou)]):.2f}" for count in COUNTS for iou in IOUS)
            print(f"| {merge} | {overlap} | {row} |")


def threshold_row(session: onnxruntime.InferenceSession, sources: Sources, sets: list[tuple[list[Photo], Truth]], side: int) -> None:
    """Recall at IoU .5 and boxes a photo, for each threshold and set."""
    found = np.zeros((len(THRESHOLDS), len(sets), 3))
    for which, (photos, truth_of) in enumerate(sets):
        for photo in photos:
            truth, image = truth_of(photo), sources.open(photo)
            heat, edges = heat_maps(session, image, side)
            boxes, scores = peaks(heat.max(0), edges, side, image.width, image.height)
            large = (boxes[:, 2:] - boxes[:, :2]).min(1) >= DETECTION["minimumSide"]
            for at, threshold in enumerate(THRESHOLDS):
                chosen = boxes[large & (scores >= threshold)]
                chosen = kept(chosen, DETECTION["overlapThreshold"], int(DETECTION["maximumObjects"]))
                best = ious(chosen, truth).max(0, initial=0)
                found[at, which] += (best >= 0.5).sum(), len(truth), len(chosen)
    for at, threshold in enumerate(THRESHOLDS):
        cells = [f"{hit / total:.2f} | {boxes / len(sets[which][0]):.1f}" for which, (hit, total, boxes) in enumerate(found[at])]
        print(f"| {side} | {threshold} | " + " | ".join(cells) + " |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--detector", type=Path, required=True)
    given = arguments.parse_args()
    session = onnxruntime.InferenceSession(str(given.detector), providers=["CPUExecutionProvider"])
    sources = Sources(given.data)
    boxed = [photo for photo in [*sources.training, *sources.held_out] if photo.source in BOX_SETS]
    unknown = [photo for photo in boxed if len(unknown_boxes(photo, sources.coco_names)) > 0]
    for side in (512, 256):
        merging_table(session, sources, unknown, side)
    sets: list[tuple[list[Photo], Truth]] = [
        (sources.coco_validation, coco_boxes),
        (unknown, lambda photo: unknown_boxes(photo, sources.coco_names)),
    ]
    print("\n| input | threshold | COCO val2017: recall | boxes a photo | outside COCO: recall | boxes a photo |")
    for side in SIDES:
        threshold_row(session, sources, sets, side)


if __name__ == "__main__":
    main()
