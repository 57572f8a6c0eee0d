"""Recall of the detector on objects outside COCO's eighty classes, which it was never taught: how many of them it boxes at all.

    python measure_detector.py --data <folder> --detector ../detector.onnx [--former <another detector.onnx>] [--merging] [--sizes]

Objects with sides of 32 px or more, at the product's size of the input. First table, as the product thins out boxes (short ones are
dropped, then those that overlap): the best 10 or 30 of a photo whatever they score, and what passes the threshold, with 95 % intervals of a
bootstrap over photos; with `--former`, the gain over that detector too. Rooms: objects outside COCO's classes, in all photos, then in the
half that no objectness head (make_detector_head.py) has trained on, names kept out of its training and others apart. Boxed by eye
(`boxed_by_eye.tsv`): things outside COCO's classes on COCO val2017 photos, and kangaroos, boxed before anything was measured on them. The boxes of
animal_pose and of roads are all of COCO's classes.

`--merging`: peaks of the heat maps are merged over the classes in several ways, boxes that overlap more than a limit are dropped, short
ones are not. `--sizes`: what is left at several thresholds for several sizes of the input. Both over all rooms.

`--voting`: every cell votes. A peak's box becomes the mean of the boxes that overlap it by more than .6, weighed by their heat, and its score is
multiplied by the root of how many there are; the gain is to the peaks as they are.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from bundle import DETECTION, INPUT_SIDE
from intervals import share_interval
from sources import BOX_SETS, LabelledBox, Photo, Sources, is_drawn
from views import is_measured

STRIDE = 4
SIDES = (512, 448, 384, 320, 256)
VOTING_OVERLAP = 0.6
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
BOXED_BY_EYE = Path(__file__).parent / "boxed_by_eye.tsv"
# Names of the rooms' things that the objectness head never trains on.
KEPT_OUT_THINGS = frozenset(("door", "window blind", "trash can", "faucet", "bookcase", "nightstand", "tin can", "shelf"))
Truth = Callable[[Photo], np.ndarray]
# Road users under names that are not COCO's but mean its classes.
ALSO_COCO = frozenset(("van", "motorcyclist", "cyclist", "pedestrian", "sofa", "television", "coffee table", "ignore", "rider"))


def cell_boxes(edges: np.ndarray, side: int, width: int, height: int) -> np.ndarray:
    """The box that each cell draws: [rows, columns, 4] as left, top, right, bottom in pixels of the photo, beyond its edges too."""
    y, x = (STRIDE * each for each in np.mgrid[: edges.shape[1], : edges.shape[2]])
    left, top, right, bottom = edges
    return np.stack([x - left, y - top, x + right, y + bottom], -1) * (np.array([width, height, width, height]) / side)


def peaks(heat: np.ndarray, edges: np.ndarray, side: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Cells that none of the eight around exceeds, best first: boxes [n, 4] as left, top, right, bottom in pixels, scores [n]."""
    rows, columns = heat.shape
    padded = np.pad(heat, 1, constant_values=-1)
    around = np.max([padded[y : y + rows, x : x + columns] for y in range(3) for x in range(3)], axis=0)
    y, x = np.nonzero((heat >= around) & (heat > 0.01))
    order = (-heat[y, x]).argsort(kind="stable")[:400]
    y, x = y[order], x[order]
    return np.clip(cell_boxes(edges, side, width, height)[y, x], 0, [width, height, width, height]), heat[y, x]


def ious(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """[n, 4] against [m, 4]: [n, m]."""
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), -1)
    areas = [np.prod(each[:, 2:] - each[:, :2], -1) for each in (a, b)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)


def kept(boxes: np.ndarray, overlap: float, count: int) -> list[int]:
    """Places of the boxes that no better one overlaps by more. @param boxes best first."""
    chosen: list[int] = []
    between = ious(boxes, boxes)
    for at in range(len(boxes)):
        if len(chosen) < count and (not chosen or between[at, chosen].max() <= overlap):
            chosen.append(at)
    return chosen


def passing(boxes: np.ndarray, scores: np.ndarray, threshold: float, count: int = int(DETECTION["maximumObjects"])) -> np.ndarray:
    """What the product keeps."""
    large = (boxes[:, 2:] - boxes[:, :2]).min(1) >= DETECTION["minimumSide"]
    candidates = boxes[large & (scores >= threshold)]
    return candidates[kept(candidates, DETECTION["overlapThreshold"], count)]


def corners_of(boxes: Iterable[LabelledBox]) -> np.ndarray:
    """[n, 4] as left, top, right, bottom in pixels."""
    corners = [(x, y, x + w, y + h) for x, y, w, h in (each.box for each in boxes)]
    return np.array(corners, np.float32).reshape(-1, 4)


def unknown_boxes(photo: Photo, coco: list[str]) -> np.ndarray:
    return corners_of(b for b in photo.boxes if b.label not in coco and b.label not in ALSO_COCO and is_measured(b))


def coco_boxes(photo: Photo) -> np.ndarray:
    return corners_of(filter(is_measured, photo.boxes))


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
                    best = ious(boxes[kept(boxes, overlap, count)], truth).max(0, initial=0)
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
            for at, threshold in enumerate(THRESHOLDS):
                chosen = passing(boxes, scores, threshold)
                best = ious(chosen, truth).max(0, initial=0)
                found[at, which] += (best >= 0.5).sum(), len(truth), len(chosen)
    for at, threshold in enumerate(THRESHOLDS):
        cells = [f"{hit / total:.2f} | {boxes / len(sets[which][0]):.1f}" for which, (hit, total, boxes) in enumerate(found[at])]
        print(f"| {side} | {threshold} | " + " | ".join(cells) + " |")


@dataclass(frozen=True)
class Judged:
    """Photos with the boxes that are looked for on each, corners in pixels."""

    name: str
    photos: list[Photo]
    truth: list[np.ndarray]


def boxed_by_eye(sources: Sources) -> dict[str, Photo]:
    """Photos with these boxes alone, by file."""
    known = {photo.path: photo for photo in [*sources.coco_validation, *sources.kept_out]}
    boxes: dict[str, list[LabelledBox]] = {}
    with open(BOXED_BY_EYE, newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            width, height = sources.open(known[row["file"]]).size
            left, top, right, bottom = (float(row[edge]) for edge in ("left", "top", "right", "bottom"))
            box = (left * width, top * height, (right - left) * width, (bottom - top) * height)
            boxes.setdefault(row["file"], []).append(LabelledBox(row["label"], box))
    return {file: Photo(known[file].source, file, boxes=tuple(found)) for file, found in boxes.items()}


def judged_sets(sources: Sources) -> list[Judged]:
    def boxed_photos(source: str) -> list[Photo]:
        return [photo for photo in [*sources.training, *sources.held_out] if photo.source == source]

    all_rooms = boxed_photos("indoor_rooms")
    rooms = [photo for photo in all_rooms if not is_drawn(photo.path, 2)]
    by_eye = boxed_by_eye(sources).values()

    def unknown(photo: Photo, wanted: Callable[[str], bool]) -> np.ndarray:
        return unknown_boxes(Photo(photo.source, photo.path, boxes=tuple(b for b in photo.boxes if wanted(b.label))), sources.coco_names)

    def judged(name: str, photos: list[Photo], truth_of: Truth) -> Judged:
        return Judged(name, photos, [truth_of(photo) for photo in photos])

    shown = [photo for photo in rooms if len(unknown_boxes(photo, sources.coco_names))]
    scenes, kangaroos = ([p for p in by_eye if (p.source == "coco256") == is_scene] for is_scene in (True, False))
    unread = [photo for photo in sources.coco_validation if not is_drawn(Path(photo.path).name, 2)]
    return [
        judged("rooms, outside COCO, with the head's own half", all_rooms, lambda photo: unknown_boxes(photo, sources.coco_names)),
        judged("rooms, outside COCO", shown, lambda photo: unknown_boxes(photo, sources.coco_names)),
        judged("of these, names kept out of training", shown, lambda photo: unknown(photo, lambda name: name in KEPT_OUT_THINGS)),
        judged("of these, other names", shown, lambda photo: unknown(photo, lambda name: name not in KEPT_OUT_THINGS)),
        judged("COCO val2017, boxed by eye", scenes, coco_boxes),
        judged("kangaroos, boxed by eye", kangaroos, coco_boxes),
        judged("COCO val2017, its classes", sources.coco_validation, coco_boxes),
        judged("of these, photos no scale was set by", unread, coco_boxes),
        judged("animal_pose, COCO's animals", boxed_photos("animal_pose"), coco_boxes),
        judged("roads, COCO's vehicles and persons", boxed_photos("highway"), coco_boxes),
    ]


# What is kept of a photo: the most boxes, the least score, and the overlap that counts as found.
RULES = {
    "30 boxes": (30, 0.0, 0.5),
    "30 boxes, IoU .7": (30, 0.0, 0.7),
    "10 boxes": (10, 0.0, 0.5),
    "10 boxes, IoU .7": (10, 0.0, 0.7),
    f"score {DETECTION['scoreThreshold']}": (int(DETECTION["maximumObjects"]), float(DETECTION["scoreThreshold"]), 0.5),
}


class PeaksOf:
    """A detector's peaks of photos, each looked at once."""

    def __init__(self, path: Path, sources: Sources) -> None:
        self.session, self.sources = opened(path), sources
        self.found: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def __call__(self, photo: Photo) -> tuple[np.ndarray, np.ndarray]:
        if photo.path not in self.found:
            image, side = self.sources.open(photo), INPUT_SIDE
            heat, edges = heat_maps(self.session, image, side)
            self.found[photo.path] = self.peaks(heat.max(0), edges, side, *image.size)
        return self.found[photo.path]

    @staticmethod
    def peaks(heat: np.ndarray, edges: np.ndarray, side: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        return peaks(heat, edges, side, width, height)


class VotedPeaksOf(PeaksOf):
    """The same peaks, with boxes and scores that all cells have a say in."""

    @staticmethod
    def peaks(heat: np.ndarray, edges: np.ndarray, side: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        boxes, scores = peaks(heat, edges, side, width, height)
        cells = cell_boxes(edges, side, width, height).reshape(-1, 4)
        votes = ious(boxes, cells) > VOTING_OVERLAP
        weights, count = votes * heat.ravel(), votes.sum(1)
        meant = weights @ cells / np.maximum(weights.sum(1, keepdims=True), 1e-9)
        voted, scores = np.where(count[:, None] > 0, meant, boxes), scores * np.maximum(count, 1) ** 0.5
        order = (-scores).argsort(kind="stable")
        return voted[order], scores[order]


def counted(peaks_of: PeaksOf, judged: Judged) -> np.ndarray:
    """rules × photos × (found, looked for, boxes)."""
    rows = np.zeros((len(RULES), len(judged.photos), 3))
    for at, (photo, truth) in enumerate(zip(judged.photos, judged.truth)):
        boxes, scores = peaks_of(photo)
        for rule, (count, threshold, iou) in enumerate(RULES.values()):
            chosen = passing(boxes, scores, threshold, count)
            rows[rule, at] = (ious(chosen, truth).max(0, initial=0) >= iou).sum(), len(truth), len(chosen)
    return rows


def with_interval(found: np.ndarray, looked_for: np.ndarray, signed: bool) -> str:
    """A share of objects with its 95 % interval over photos. @param found a photo each, or a difference of two detectors."""
    low, high = share_interval(found, looked_for)
    form = "+.2f" if signed else ".2f"
    return f"{found.sum() / looked_for.sum():{form}} [{low:{form}}, {high:{form}}]"


def compared_table(detectors: list[PeaksOf], sources: Sources) -> None:
    print("| objects | n | " + " | ".join(RULES) + " | boxes a photo |")
    for judged in judged_sets(sources):
        found = [counted(peaks_of, judged) for peaks_of in detectors]
        for which, rows in enumerate(found):
            cells = [with_interval(row[:, 0], row[:, 1], False) for row in rows]
            name = f"{judged.name}, former" if which else judged.name
            print(f"| {name} | {rows[0, :, 1].sum():.0f} | {' | '.join(cells)} | {rows[-1, :, 2].mean():.1f} |", flush=True)
        if len(found) == 2:
            gains = [with_interval(new[:, 0] - old[:, 0], new[:, 1], True) for new, old in zip(*found)]
            print(f"| {judged.name}, gain | | {' | '.join(gains)} | |", flush=True)


def opened(path: Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """@param threads 0: one a core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--detector", type=Path, required=True)
    arguments.add_argument("--former", type=Path, help="a detector to compare with")
    arguments.add_argument("--merging", action="store_true")
    arguments.add_argument("--voting", action="store_true")
    arguments.add_argument("--sizes", action="store_true")
    given = arguments.parse_args()
    session, sources = opened(given.detector), Sources(given.data)
    compared_table([PeaksOf(path, sources) for path in (given.detector, given.former) if path], sources)
    if given.voting:
        print("\nvoted boxes beside the peaks as they are; what passes a score is not comparable")
        compared_table([VotedPeaksOf(given.detector, sources), PeaksOf(given.detector, sources)], sources)
    boxed = [photo for photo in [*sources.training, *sources.held_out] if photo.source in BOX_SETS]
    unknown = [photo for photo in boxed if len(unknown_boxes(photo, sources.coco_names)) > 0]
    if given.merging:
        for side in (512, 256):
            merging_table(session, sources, unknown, side)
    if given.sizes:
        sets: list[tuple[list[Photo], Truth]] = [
            (sources.coco_validation, coco_boxes),
            (unknown, lambda photo: unknown_boxes(photo, sources.coco_names)),
        ]
        print("\n| input | threshold | COCO val2017: recall | boxes a photo | outside COCO: recall | boxes a photo |")
        for side in SIDES:
            threshold_row(session, sources, sets, side)


if __name__ == "__main__":
    main()
