"""Lays out the folders that the figures of the model card and of docs/evaluation.md were measured on, as a user would have them.

    python evaluation_folders.py --data <data folder> --output <folder>

Photos with boxes become a folder in YOLO's format, photos of one thing a folder a class.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterable
from pathlib import Path

from bundle import yolo_folder
from sources import ASIDE, BOX_SETS, WATCHED_ANIMALS, Photo, Sources, is_drawn

# Photos that the tower had not seen, one thing each: how the level of images is measured.
PHOTO_SETS = ("imagenette", "instruments", "food10", "grocery")


def class_folders(sources: Sources, photos: Iterable[Photo], folder: Path) -> Path:
    """One folder a class; a folder that is there is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    for photo in photos:
        (folder / photo.label).mkdir(parents=True, exist_ok=True)
        (folder / photo.label / Path(photo.path).name).write_bytes(sources.content(photo))
    return folder


def lay_out(sources: Sources, output: Path) -> None:
    validation, training = sources.coco_validation, sources.training
    boxed = {
        "val": validation,
        # Halves by the hash of the name: one to choose by, one to see whether the choice holds.
        "val-a": [photo for photo in validation if is_drawn(Path(photo.path).name, 2)],
        "val-b": [photo for photo in validation if not is_drawn(Path(photo.path).name, 2)],
        "coco-train": [photo for photo in training if photo.source == "coco256"],
        "coco": [*(photo for photo in training if photo.source == "coco256"), *validation],
        "tune": [photo for photo in training if photo.source in (*BOX_SETS, "coco256")],
    }
    for name, photos in boxed.items():
        yolo_folder(sources, photos, output / name)
    for name in PHOTO_SETS:
        class_folders(sources, [photo for photo in sources.held_out if photo.source == name], output / name)
    class_folders(sources, [photo for photo in training if photo.source == "imagenette"], output / "imagenette-tune")
    class_folders(sources, [photo for photo in sources.kept_out if photo.label in ASIDE], output / "animals-aside")
    class_folders(sources, [photo for photo in sources.kept_out if photo.label in WATCHED_ANIMALS], output / "animals-watched")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    lay_out(Sources(arguments.data), arguments.output)
