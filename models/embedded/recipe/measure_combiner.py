"""What the bundle's generic combiner adds, whole and in part, on given boxes of COCO val2017 and on photos of the watched animals.

    python measure_combiner.py --data <data folder> --bundle ..

Halves as in measure_forms.py; AUROC / FPR95 in per cent and differences in AUROC to max cosine and to pooling alone, each with the 95 %
interval of a bootstrap over pictures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file as load_arrays
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import normalize

from combiner import Combiner
from measure_forms import CROPS, FILLS, GAIN, Objects, compared, passed
from measure_tower import VOC
from sources import WATCHED_ANIMALS, Sources, is_drawn
from tapped_tower import TappedTower
from text_vectors import TextVectors

SHARES = (0.0, 0.5, 1.0, 2.0)  # of what the bundle's adds
CROP, FILL = "squashed", "mean colour"


def read_combiner(path: Path) -> Combiner:
    combiner = Combiner()
    stored = load_file(str(path))
    combiner.load_state_dict({name.removeprefix("target."): value for name, value in stored.items() if name.startswith("target.")}, strict=False)
    return combiner.eval()


def scores(tower: TappedTower, combiner: Combiner, objects: Objects, texts: Tensor, mean_background: Tensor, share: float) -> np.ndarray:
    """S with a share of what the combiner adds; 0 is pooling alone."""
    crop, seen = objects.crops[CROP]
    tokens, attention = crop.float(), seen.mean(1)
    weights = tower.weights(tokens, attention, texts, torch.ones(len(tokens), dtype=torch.bool))
    representations = torch.einsum("ntc,ntd->ncd", weights, tokens)
    if share > 0:
        parts = zip(tokens.split(64), weights.split(64))
        representations = representations + share * torch.cat([combiner(*part) for part in parts])
    if FILL in objects.fills:
        around, looked = objects.fills[FILL]
        flat = normalize(texts.mean(0, keepdim=True), dim=-1).expand_as(texts)
        background = tower.pooled(around.float(), looked.mean(1), flat, objects.has_others) - mean_background
        representations = representations + GAIN * objects.has_background[:, None, None] * background
    return tower.alignment(representations, texts).max(1).values.numpy()


def max_cosine(tower: TappedTower, objects: Objects, texts: Tensor) -> np.ndarray:
    return (tower.project(objects.crops[CROP][0][:, 0].float()) @ texts.T).max(1).values.numpy()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--bundle", type=Path, required=True)
    given = arguments.parse_args()
    sources, tower = Sources(given.data), TappedTower(given.bundle)
    readout = json.loads((given.bundle / "bundle.json").read_text())["readout"]
    mean_background = torch.from_numpy(load_arrays(str(given.bundle / readout["tensors"]["file"]))["meanBackground"].astype(np.float32))
    combiner = read_combiner(given.bundle / readout["genericCombiner"]["file"])
    texts = TextVectors(given.bundle).names(list(VOC), readout["prompts"])
    crops, fills = {CROP: CROPS[CROP]}, {FILL: FILLS[FILL]}
    boxes = passed(tower, sources, sources.coco_validation, crops, fills)
    animals = passed(tower, sources, [photo for photo in sources.kept_out if photo.label in WATCHED_ANIMALS], crops, {})
    inside = np.concatenate([np.isin(boxes.labels, VOC), np.zeros(len(animals.labels), bool)])
    pictures = np.concatenate([boxes.pictures, animals.pictures])
    is_box = np.arange(len(inside)) < len(boxes.labels)
    half = np.array([is_drawn(Path(path).name, 2) for path in pictures])
    sets = {"half A": is_box & half, "half B": is_box & ~half, "both": is_box, "animals": inside | ~is_box}
    plain = np.concatenate([max_cosine(tower, objects, texts) for objects in (boxes, animals)])
    of = {
        share: np.concatenate([scores(tower, combiner, objects, texts, mean_background, share) for objects in (boxes, animals)])
        for share in SHARES
    }
    for name, reference in (("max cosine", plain), ("pooling alone", of[0.0])):
        for share, each in of.items():
            told = [f"{part}: {compared(each[rows], reference[rows], inside[rows], pictures[rows])}" for part, rows in sets.items()]
            print(f"{share:<4} to {name:<14}", "   ".join(told), flush=True)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
