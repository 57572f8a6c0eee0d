"""Which photos there are, what is on them, and which of them train, are watched while training, or are set aside to judge.

A data folder holds `train/` (one zip a photo set, `manifest.tsv`, `sources.tsv` with origin and licence of each) and `coco256/`
(128 photos each of COCO train2017 and val2017 with YOLO boxes). README.md says how to make one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

BOX_SETS = ("animal_pose", "highway", "indoor_rooms")
# Sets whose terms allow any use, as far as their repositories say; the others are for research or say nothing.
FREE_SETS = ("clothing", "grocery", "highway", "indoor_rooms", "caltech101", "coco256")
SMALLEST_TRAINING_SIDE = 20
SMALLEST_MEASURED_SIDE = 32

# Animals outside COCO's classes: never trained on and never chosen by.
ASIDE = ("kangaroo", "okapi", "platypus", "rhinoceros", "gerenuk antelope", "crocodile", "dolphin", "octopus")
# Never trained on either, but watched while training was designed: animals outside COCO's classes, then things.
WATCHED_ANIMALS = ("llama", "hedgehog", "beaver", "panda")
WATCHED_THINGS = (
    "stapler,metronome,wrench,anchor,chandelier,ceiling fan,euphonium,menorah,gramophone,mandolin,wheelchair,"
    "inline skate,castanets,xylophone,papaya,plum,polo shirt,tulip,bibimbap"
).split(",")
KEPT_OUT = frozenset((*ASIDE, *WATCHED_ANIMALS, *WATCHED_THINGS, "crocodile head", "raccoon"))


@dataclass(frozen=True)
class LabelledBox:
    """left, top, width, height in pixels of the photo as it is stored."""

    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Photo:
    """A photo of one thing (`label`), or a scene with boxes; on either, what detectors found beside (detected_boxes.py)."""

    source: str
    path: str
    label: str = ""
    boxes: tuple[LabelledBox, ...] = field(default=())
    detected: tuple[LabelledBox, ...] = field(default=())

    @property
    def every_box(self) -> tuple[LabelledBox, ...]:
        return self.boxes + self.detected


def is_drawn(name: str, every: int) -> bool:
    """One photo in `every`, by the hash of its name, so that a set is split the same wherever it is."""
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % every == 0


def is_held_out(path: str) -> bool:
    return is_drawn(path, 10)


class Sources:
    """Photos by split, and their pixels."""

    def __init__(self, data: Path, free_only: bool = False) -> None:
        self.data = data
        self.coco_names = coco_names(data)
        self.archives: dict[str, zipfile.ZipFile] = {}
        allowed = (lambda source: source in FREE_SETS) if free_only else (lambda _: True)
        photos = [photo for photo in [*self._photos(), *self._scenes()] if photo.label not in ("file",)]
        self.kept_out = [photo for photo in photos if photo.label in KEPT_OUT]
        seen = [photo for photo in photos if photo.label not in KEPT_OUT]
        self.training = [photo for photo in seen if not is_held_out(photo.path) and allowed(photo.source)]
        self.training += self._coco("train2017")
        self.held_out = [photo for photo in seen if is_held_out(photo.path)]
        self.coco_validation = self._coco("val2017")

    def open(self, photo: Photo) -> Image.Image:
        return Image.open(io.BytesIO(self.content(photo))).convert("RGB")

    def content(self, photo: Photo) -> bytes:
        if photo.source == "coco256":
            return (self.data / photo.path).read_bytes()
        archive = self.archives.get(photo.source)
        if archive is None:
            archive = self.archives[photo.source] = zipfile.ZipFile(self.data / "train" / f"{photo.source}.zip")
        return archive.read(photo.path)

    def _photos(self) -> list[Photo]:
        with open(self.data / "train" / "manifest.tsv", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        named = [(row["file"].split("/")[0], row["file"], row["class"]) for row in rows if "/" in row["file"]]
        return [Photo(source, path, label) for source, path, label in named if source not in BOX_SETS]

    def _scenes(self) -> list[Photo]:
        scenes = []
        for source in BOX_SETS:
            with zipfile.ZipFile(self.data / "train" / f"{source}.zip") as archive:
                for line in archive.read(f"{source}/boxes.jsonl").decode().splitlines():
                    entry = json.loads(line)
                    boxes = tuple(LabelledBox(b["label"], (b["x"], b["y"], b["w"], b["h"])) for b in entry["boxes"])
                    scenes.append(Photo(source, entry["file"], boxes=boxes))
        return scenes

    def _coco(self, split: str) -> list[Photo]:
        scenes = []
        for file in sorted((self.data / "coco256" / "images" / split).iterdir()):
            labels = self.data / "coco256" / "labels" / split / f"{file.stem}.txt"
            if not labels.exists():
                continue
            width, height = Image.open(file).size
            boxes = []
            for line in labels.read_text().splitlines():
                name, x, y, w, h = line.split()[:5]
                cx, cy, bw, bh = float(x) * width, float(y) * height, float(w) * width, float(h) * height
                boxes.append(LabelledBox(self.coco_names[int(name)], (cx - bw / 2, cy - bh / 2, bw, bh)))
            scenes.append(Photo("coco256", str(file.relative_to(self.data)), boxes=tuple(boxes)))
        return scenes


def coco_names(data: Path) -> list[str]:
    lines = (data / "coco256" / "config.yaml").read_text().splitlines()
    return [line.split(":", 1)[1].strip() for line in lines if line.strip()[:1].isdigit()]
