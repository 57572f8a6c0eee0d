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

from combiner import Combiner
from measure_forms import CROPS, FILLS, Form, Laboratory, Objects, passed
from measure_tower import VOC
from sources import WATCHED_ANIMALS, Sources
from tapped_tower import TappedTower
from text_vectors import TextVectors

SHARES = (0.0, 0.5, 1.0, 2.0)  # of what the bundle's adds
CROP, FILL = "squashed", "mean colour"


def read_combiner(path: Path) -> Combiner:
    combiner = Combiner()
    stored = load_file(str(path))
    combiner.load_state_dict({name.removeprefix("target."): value for name, value in stored.items() if name.startswith("target.")})
    return combiner.eval()


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
    laboratory = Laboratory(tower, texts, boxes, animals, combiner)
    laboratory.sets["both"] = laboratory.sets["half A"] | laboratory.sets["half B"]
    plain = np.concatenate([max_cosine(tower, objects, texts) for objects in (boxes, animals)])
    of = {share: laboratory.scores(Form(combiner=share), mean_background) for share in SHARES}
    for name, reference in (("max cosine", plain), ("pooling alone", of[0.0])):
        for share, each in of.items():
            print(f"{share:<4} to {name:<14}", laboratory.figures(each, reference), flush=True)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
