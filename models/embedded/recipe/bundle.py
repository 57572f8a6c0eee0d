"""What the product needs around the towers: `bundle.json`, the readout fitted by `uni-ood models fit` and the threshold δ, which is
the product's own calibration. Photos and boxes are laid out as a user would have them, as a folder in YOLO's format."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from measure_tower import VOC
from sources import BOX_SETS, Photo, Sources, is_drawn
from stem import CLIP_MEAN, CLIP_STD

CLS_SHARE, BACKGROUND_GAIN, BOX_MARGIN, PROMPTS = "0", "0.1", "0.1", "short"
DETECTION = {"scoreThreshold": 0.2, "overlapThreshold": 0.45, "maximumObjects": 20, "minimumSide": 24}
INPUT_SIDE = 384
DETECTOR = {"kind": "centerNet", "inputSize": INPUT_SIDE, "defaults": DETECTION}


def yolo_folder(sources: Sources, photos: Iterable[Photo], folder: Path) -> Path:
    """Images, labels and data.yaml; a folder that is there is made anew."""
    chosen = list(photos)
    names = [*sources.coco_names, *sorted({box.label for photo in chosen for box in photo.boxes} - set(sources.coco_names))]
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for photo in chosen:
        image = sources.open(photo)
        file = f"{photo.source}_{Path(photo.path).name}"
        (folder / "images" / file).write_bytes(sources.content(photo))
        rows = []
        for box in photo.boxes:
            x, y, w, h = box.box
            centre = ((x + w / 2) / image.width, (y + h / 2) / image.height, w / image.width, h / image.height)
            rows.append(" ".join([str(names.index(box.label)), *(f"{value:.6f}" for value in centre)]) + "\n")
        (folder / "labels" / f"{Path(file).stem}.txt").write_text("".join(rows))
    listed = "".join(f"  {at}: {json.dumps(name)}\n" for at, name in enumerate(names))
    (folder / "data.yaml").write_text(f"path: .\ntrain: images\nval: images\nnames:\n{listed}")
    return folder


def described(folder: Path, file: str) -> dict[str, object]:
    content = (folder / file).read_bytes()
    return {"file": file, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_manifest(folder: Path, name: str, version: str, licence: str) -> None:
    """`bundle.json` without a readout or a threshold yet."""
    manifest = {
        "format": 1,
        "id": name,
        "version": version,
        "vision": {**described(folder, "vision.onnx"), "imageSize": 224, "mean": list(CLIP_MEAN), "std": list(CLIP_STD)},
        "text": {**described(folder, "text.onnx"), "contextLength": 32},
        "tokenizer": described(folder, "tokenizer.json"),
        "prompt": "a photo of a {}",
        "detector": {**described(folder, "detector.onnx"), **DETECTOR},
        "readout": {
            "clsShare": float(CLS_SHARE),
            "backgroundGain": 0,
            "scoreForm": {"kind": "max"},
            "boxMargin": float(BOX_MARGIN),
            "prompts": ["a photo of a {}"],
            # Tuning may begin from it; scans are no better with it (measure_combiner.py).
            "genericCombiner": {**described(folder, "combiner.safetensors"), "inScans": False},
        },
        "licence": licence,
        "source": "MODEL_CARD.md",
    }
    (folder / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")


def fit_readout(product: Path, bundle: Path, sources: Sources, work: Path) -> None:
    boxed = [photo for photo in sources.training if photo.source in (*BOX_SETS, "coco256")]
    photos = yolo_folder(sources, boxed, work / "readout-photos")
    # Patch tokens of this tower are trained to be averaged: a map towards [CLS] takes something away from them.
    shares = ["--no-token-map", "--cls-share", CLS_SHARE, "--background-gain", BACKGROUND_GAIN, "--margin", BOX_MARGIN, "--prompts", PROMPTS]
    command = ["models", "fit", str(bundle), "--images", str(photos), "--boxes", "annotations", *shares]
    subprocess.run(["node", str(product), *command], check=True)


def calibrate(product: Path, bundle: Path, sources: Sources, work: Path) -> None:
    """δ: what keeps 95 % of the annotated objects of VOC's classes on half of COCO val2017."""
    half = [photo for photo in sources.coco_validation if is_drawn(Path(photo.path).name, 2)]
    photos, results = yolo_folder(sources, half, work / "calibration-photos"), work / "calibration.json"
    command = ["scan", str(photos), "--classes", ",".join(VOC), "--model", str(bundle), "--boxes", "annotations"]
    subprocess.run(["node", str(product), *command, "--output", str(results), "--fresh", "--quiet"], check=True)
    found = json.loads(results.read_text())
    known = sum(each.get("label") in VOC for each in found["objects"])
    manifest = json.loads((bundle / "bundle.json").read_text())
    manifest["threshold"] = {
        "value": round(found["threshold"]["value"], 4),
        "truePositiveRate": 0.95,
        "measuredOn": f"keeps 95 % of {known} annotated objects of the VOC classes on {len(half)} COCO val2017 photos.",
        "classes": list(VOC),
    }
    (bundle / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")
