"""Boxes of COCO's classes that nobody drew: two detectors look at the training photos, and where they agree, crops train the tower.

COCO's own photos with boxes are few, and crops of small things beside others are what the tower calls worst. Both detectors have learnt
COCO train2017, and name a given box of val2017 right in 83 % (the bundle's CenterNet) and 86 % (YOLOX-nano) with the whole photo before
them, where the tower sees the crop alone. A box counts where both give it the same name. On photos whose label says what they show, a
box counts only where its name is what the label is an example of, or where it is a person beside that: an elk is no horse, and a
parachute no kite, whatever both say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch.multiprocessing as processes
from PIL import Image

from measure_detector import cell_boxes, corners_of, heat_maps, ious, kept, opened
from sources import LabelledBox, Photo, Sources

SEEN_SETS = (
    "indoor_rooms", "highway", "animal_pose", "corel1000", "imagenette", "pacs_photo", "caltech101", "coco256"
)  # fmt: skip
TEACHER_SIDE, CENTERNET_SIDE = 416, 384
TEACHER_STRIDES = (8, 16, 32)
CANDIDATE_SCORE, MOST_CANDIDATES, CANDIDATE_OVERLAP = 0.2, 24, 0.5
# How much a neighbouring cell's box says of a given one falls with the fourth power of their overlap.
OVERLAP_POWER = 4
TEACHER_SCORE, CENTERNET_SCORE = 0.3, 0.12
DRAWN_OVERLAP = 0.4
# Who may stand beside what a photo's label names, and on how much of the photo at most.
BESIDE, BESIDE_SHARE = "person", 0.35


@dataclass(frozen=True)
class DetectedBox:
    """corners: left, top, right, bottom in pixels of the photo; scores of 0 to 1 for the name by either detector."""

    name: str
    corners: tuple[float, float, float, float]
    teacher: float
    centernet: float


class Detectors:
    def __init__(self, centernet: Path, teacher: Path, names: list[str]) -> None:
        self.centernet, self.teacher = opened(centernet, 1), opened(teacher, 1)
        self.names = names

    def agreed(self, image: Image.Image) -> list[DetectedBox]:
        """What the teacher boxes and the CenterNet gives the same name, best first."""
        boxes, scores = self._teacher_boxes(image)
        best = scores.max(1)
        order = np.array([at for at in (-best).argsort(kind="stable") if best[at] >= CANDIDATE_SCORE], int)
        chosen = order[kept(boxes[order], CANDIDATE_OVERLAP, MOST_CANDIDATES)]
        if len(chosen) == 0:
            return []
        heat, edges = heat_maps(self.centernet, image, CENTERNET_SIDE)
        heat = heat.reshape(len(self.names), -1).T
        near = ious(boxes[chosen], cell_boxes(edges, CENTERNET_SIDE, *image.size).reshape(-1, 4)) ** OVERLAP_POWER
        agreed = []
        for row, at in enumerate(chosen):
            other = (near[row][:, None] * heat).max(0)
            name = int(scores[at].argmax())
            if int(other.argmax()) == name:
                left, top, right, bottom = (round(float(value), 1) for value in boxes[at])
                agreed.append(DetectedBox(self.names[name], (left, top, right, bottom), round(float(best[at]), 3), round(float(other[name]), 3)))
        return agreed

    def _teacher_boxes(self, image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
        """YOLOX: corners [n, 4] in pixels of the photo and scores [n, 80]."""
        scale = TEACHER_SIDE / max(image.size)
        small = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.BILINEAR)
        canvas = np.full((TEACHER_SIDE, TEACHER_SIDE, 3), 114, np.float32)
        canvas[: small.height, : small.width] = np.asarray(small, np.float32)
        found = self.teacher.run(None, {self.teacher.get_inputs()[0].name: canvas[:, :, ::-1].transpose(2, 0, 1)[None].copy()})[0][0]
        cells, strides = [], []
        for stride in TEACHER_STRIDES:
            y, x = np.mgrid[: TEACHER_SIDE // stride, : TEACHER_SIDE // stride]
            cells.append(np.stack([x.ravel(), y.ravel()], 1))
            strides.append(np.full((x.size, 1), stride))
        scales = np.concatenate(strides)
        middle, sides = (found[:, :2] + np.concatenate(cells)) * scales, np.exp(found[:, 2:4]) * scales
        corners = np.concatenate([middle - sides / 2, middle + sides / 2], 1) / scale
        return np.clip(corners, 0, [*image.size, *image.size]), found[:, 4:5] * found[:, 5:]


Detected = dict[str, tuple[float, list[DetectedBox]]]


def detect(data: Path, free_only: bool, centernet: Path, teacher: Path, folder: Path, workers: int) -> Detected:
    """The photo's area in pixels and its boxes, by path; what was begun is gone on with."""
    processes.spawn(_work, (workers, data, free_only, centernet, teacher, folder), workers)
    return detected_in(folder)


def whole(line: str) -> list | None:
    """None for a line that a stopped run cut short: its photo is looked at again."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def detected_in(folder: Path) -> Detected:
    lines = [line for part in sorted(folder.glob("detected-*.jsonl")) for line in part.read_text().split("\n")]
    rows = [row for row in map(whole, lines) if row is not None]
    return {path: (area, [DetectedBox(name, tuple(corners), *scores) for name, corners, *scores in boxes]) for path, area, boxes in rows}


def _work(rank: int, workers: int, data: Path, free_only: bool, centernet: Path, teacher: Path, folder: Path) -> None:
    sources = Sources(data, free_only)
    detectors = Detectors(centernet, teacher, sources.coco_names)
    done = set(detected_in(folder))
    photos = [photo for photo in sources.training if photo.source in SEEN_SETS]
    with open(folder / f"detected-{rank}.jsonl", "a") as rows:
        rows.write("\n")  # the line before may be cut short
        for photo in photos[rank::workers]:
            if photo.path not in done:
                image = sources.open(photo)
                boxes = [[b.name, b.corners, b.teacher, b.centernet] for b in detectors.agreed(image)]
                rows.write(json.dumps([photo.path, image.width * image.height, boxes]) + "\n")
                rows.flush()


def write_counting(photos: Iterable[Photo], detected: Detected, shown: dict[str, str], path: Path) -> None:
    """Writes the boxes that count by path of the photo. @param shown: COCO's name for a label that is an example of it."""
    boxes = {photo.path: counting(photo, *detected[photo.path], shown) for photo in photos if photo.path in detected}
    path.write_text(json.dumps({photo: [[each.label, each.box] for each in found] for photo, found in boxes.items() if found}))


def with_counting(photos: Iterable[Photo], path: Path) -> list[Photo]:
    """The photos, with what `write_counting` wrote."""
    boxes = {photo: tuple(LabelledBox(label, tuple(box)) for label, box in found) for photo, found in json.loads(path.read_text()).items()}
    return [replace(photo, detected=boxes.get(photo.path, ())) for photo in photos]


def counting(photo: Photo, area: float, detected: list[DetectedBox], shown: dict[str, str]) -> list[LabelledBox]:
    drawn = corners_of(photo.boxes)
    counted = []
    for each in detected:
        left, top, right, bottom = each.corners
        box = LabelledBox(each.name, (left, top, right - left, bottom - top))
        is_sure = each.teacher >= TEACHER_SCORE and each.centernet >= CENTERNET_SCORE
        is_drawn_already = len(drawn) > 0 and ious(np.array([each.corners]), drawn).max() > DRAWN_OVERLAP
        is_its_label = not photo.label or shown.get(photo.label) == each.name
        is_beside = each.name == BESIDE and box.box[2] * box.box[3] < BESIDE_SHARE * area
        if is_sure and not is_drawn_already and (is_its_label or is_beside):
            counted.append(box)
    return counted
