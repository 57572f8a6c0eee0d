"""What the paper leaves open, measured on the finished bundle: the crop's shape, the mask's fill, the layers whose attention counts.

    python measure_forms.py crops --data <data folder> --bundle ..
    python measure_forms.py backgrounds --data <data folder> --bundle ..

Given boxes of COCO val2017, VOC's classes against the others, half A to choose by and half B to see whether it holds; and the watched
animals, photos of one thing, against the same known objects. AUROC / FPR95 in per cent; differences in AUROC to the bundle's form with
the 95 % interval of a bootstrap over pictures. `backgrounds` measures the layers too, and fits the mean background anew each time.
Background texts are plain averages, which makes no difference (docs/evaluation.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFilter
from safetensors.numpy import load_file
from torch import Tensor
from torch.nn.functional import normalize

from bundle import BACKGROUND_GAIN, BOX_MARGIN
from combiner import Combiner
from image_tower import LAYERS
from measure_tower import VOC, auroc
from sources import BOX_SETS, WATCHED_ANIMALS, LabelledBox, Photo, Sources, is_drawn
from stem import CLIP_MEAN, CLIP_STD
from tapped_tower import TappedTower
from text_vectors import TextVectors
from views import as_input, cut, is_measured, squashed

GAIN, MARGIN = float(BACKGROUND_GAIN), float(BOX_MARGIN)
MEAN_COLOUR = tuple(round(255 * value) for value in CLIP_MEAN)
DRAWS = 1000
LAYER_CHOICES = {"all": (0, 1, 2), "the last two": (1, 2), "the last": (2,), "the second": (1,), "the first two": (0, 1), "the first": (0,)}

Rectangle = tuple[int, int, int, int]
Crop = Callable[[Image.Image, LabelledBox], Image.Image]
Fill = Callable[[Image.Image, Rectangle], Image.Image | tuple[int, ...]]


def square_of_context(margin: float, share: float = 1.0) -> Crop:
    """The shorter side grown towards the longer one, cut at the photo. @param share 1: to a square, .5: half way."""

    def crop(image: Image.Image, each: LabelledBox) -> Image.Image:
        x, y, w, h = each.box
        longest = max(w, h)
        width, height = w ** (1 - share) * longest**share, h ** (1 - share) * longest**share
        return cut(image, LabelledBox(each.label, (x + (w - width) / 2, y + (h - height) / 2, width, height)), margin)

    return crop


def moved_into_photo(image: Image.Image, each: LabelledBox) -> Image.Image:
    x, y, w, h = each.box
    side = max(w, h) * (1 + 2 * MARGIN)
    width, height = min(side, image.width), min(side, image.height)
    left = min(max(x + (w - width) / 2, 0), image.width - width)
    top = min(max(y + (h - height) / 2, 0), image.height - height)
    return cut(image, LabelledBox(each.label, (left, top, width, height)), 0)


def beyond_photo(image: Image.Image, each: LabelledBox) -> Image.Image:
    """A square of real context, the mean colour where there is no photo."""
    x, y, w, h = each.box
    side = round(max(w, h) * (1 + 2 * MARGIN))
    canvas = Image.new("RGB", (side, side), MEAN_COLOUR)
    canvas.paste(image, (-round(x + (w - side) / 2), -round(y + (h - side) / 2)))
    return canvas


def padded(image: Image.Image, each: LabelledBox) -> Image.Image:
    crop = cut(image, each, MARGIN)
    side = max(crop.size)
    canvas = Image.new("RGB", (side, side), MEAN_COLOUR)
    canvas.paste(crop, ((side - crop.width) // 2, (side - crop.height) // 2))
    return canvas


CROPS: dict[str, Crop] = {
    "squashed": lambda image, each: cut(image, each, MARGIN),
    "squashed, margin .05": lambda image, each: cut(image, each, 0.05),
    "half way to a square of context, margin .05": square_of_context(0.05, 0.5),
    "half way to a square of context": square_of_context(MARGIN, 0.5),
    "square of context": square_of_context(MARGIN),
    "square of context, moved into the photo": moved_into_photo,
    "square of context, mean colour beyond": beyond_photo,
    "padded with the mean colour": padded,
}


def rest_of_photo(image: Image.Image, hole: Rectangle) -> tuple[int, ...]:
    left, top, right, bottom = hole
    pixels = np.asarray(image)
    kept = np.ones(pixels.shape[:2], bool)
    kept[top:bottom, left:right] = False
    return tuple(round(value) for value in pixels[kept].mean(0)) if kept.any() else MEAN_COLOUR


def noise(image: Image.Image, hole: Rectangle) -> Image.Image:
    left, top, right, bottom = hole
    chance = np.random.default_rng(left + image.width * top)
    values = chance.normal(255 * np.array(CLIP_MEAN), 255 * np.array(CLIP_STD), (bottom - top, right - left, 3))
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def blurred(image: Image.Image, hole: Rectangle) -> Image.Image:
    left, top, right, bottom = hole
    return image.filter(ImageFilter.GaussianBlur(max(2, 0.25 * max(right - left, bottom - top)))).crop(hole)


def drawn_in(image: Image.Image, hole: Rectangle) -> Image.Image | tuple[int, ...]:
    """The pixels around the hole, each side weighted by its nearness."""
    left, top, right, bottom = hole
    pixels = np.asarray(image, np.float32)
    down, across = np.arange(bottom - top)[:, None, None], np.arange(right - left)[None, :, None]
    sides = []
    if top > 0:
        sides.append((down + 1, pixels[top - 1, left:right][None]))
    if bottom < image.height:
        sides.append((bottom - top - down, pixels[bottom, left:right][None]))
    if left > 0:
        sides.append((across + 1, pixels[top:bottom, left - 1][:, None]))
    if right < image.width:
        sides.append((right - left - across, pixels[top:bottom, right][:, None]))
    if not sides:
        return MEAN_COLOUR
    values = sum(colour / away for away, colour in sides) / sum(1 / away for away, _ in sides)
    return Image.fromarray(np.round(values).clip(0, 255).astype(np.uint8))


FILLS: dict[str, Fill] = {
    "mean colour": lambda image, hole: MEAN_COLOUR,
    "mean of the rest of the photo": rest_of_photo,
    "black": lambda image, hole: (0, 0, 0),
    "grey": lambda image, hole: (128, 128, 128),
    "white": lambda image, hole: (255, 255, 255),
    "noise": noise,
    "blurred": blurred,
    "drawn in from around": drawn_in,
    "nothing": lambda image, hole: image.crop(hole),
}


def rounded(photo: Photo, image: Image.Image) -> list[LabelledBox]:
    """The boxes that are measured, as the product takes them: inside the photo, to a hundredth of a pixel."""
    boxes = []
    for each in photo.boxes:
        x, y, w, h = each.box
        left, top = max(0.0, x), max(0.0, y)
        width, height = min(image.width, x + w) - left, min(image.height, y + h) - top
        boxes.append(LabelledBox(each.label, (round(left, 2), round(top, 2), round(width, 2), round(height, 2))))
    return [each for each in boxes if is_measured(each)]


def hole_of(image: Image.Image, each: LabelledBox) -> Rectangle:
    x, y, w, h = each.box
    return int(x), int(y), min(image.width, int(np.ceil(x + w))), min(image.height, int(np.ceil(y + h)))


@dataclass
class Objects:
    """Objects with the passes of every crop, and of their background with every fill (attention layer by layer)."""

    pictures: np.ndarray
    labels: np.ndarray
    has_background: Tensor
    has_others: Tensor
    crops: dict[str, tuple[Tensor, Tensor]]
    fills: dict[str, tuple[Tensor, Tensor]]


def passed(tower: TappedTower, sources: Sources, photos: Iterable[Photo], crops: dict[str, Crop], fills: dict[str, Fill]) -> Objects:
    about, passes = [], []
    for photo in photos:
        image = sources.open(photo)
        whole = LabelledBox(photo.label, (0, 0, *image.size))
        boxes = [whole] if photo.label else rounded(photo, image)
        for each in boxes:
            hole = hole_of(image, each)
            views = [crop(image, each) for crop in crops.values()]
            for fill in fills.values():
                background = image.copy()
                background.paste(fill(image, hole), hole)
                views.append(background)
            run = tower.run(np.stack([as_input(squashed(view)) for view in views]))
            # Each crop looks at itself; what the background looks like is asked by the first.
            attention = [run.attention(at)[at] for at in range(len(crops))] + list(run.attention(0)[len(crops) :])
            about.append((photo.path, each.label, hole != (0, 0, *image.size), len(boxes) > 1))
            passes.append((run.tokens.astype(np.float16), np.stack(attention)))
    tokens = torch.from_numpy(np.stack([each for each, _ in passes]))
    weights = torch.from_numpy(np.stack([each for _, each in passes])).float()
    of = {name: (tokens[:, at], weights[:, at]) for at, name in enumerate([*crops, *fills])}
    pictures, labels, backgrounds, others = map(np.array, zip(*about))
    kept = {name: of[name] for name in crops}, {name: of[name] for name in fills}
    return Objects(pictures, labels, torch.from_numpy(backgrounds), torch.from_numpy(others), *kept)


@dataclass(frozen=True)
class Form:
    crops: tuple[str, ...] = ("squashed",)
    fill: str = "mean colour"
    combiner: float = 0.0  # the share of what the bundle's combiner adds
    layers: tuple[int, ...] = tuple(range(LAYERS))


class Laboratory:
    def __init__(self, tower: TappedTower, texts: Tensor, known: Objects, animals: Objects, combiner: Combiner | None = None) -> None:
        self.tower, self.texts, self.known, self.animals, self.combiner = tower, texts, known, animals, combiner
        inside, no_animal = np.isin(known.labels, VOC), np.zeros(len(animals.labels), bool)
        half = np.array([is_drawn(Path(path).name, 2) for path in known.pictures])
        self.pictures = np.concatenate([known.pictures, animals.pictures])
        self.inside = np.concatenate([inside, no_animal])
        is_animal = np.arange(len(self.inside)) >= len(inside)
        self.sets = {"half A": np.append(half, no_animal), "half B": np.append(~half, no_animal), "animals": self.inside | is_animal}
        self.background_texts = normalize(texts.mean(0, keepdim=True), dim=-1).expand_as(texts)

    def score(self, objects: Objects, form: Form, mean_background: Tensor) -> np.ndarray:
        """S of every object: the largest Ω, where there are several crops of their mean."""
        layers, gain = list(form.layers), GAIN * objects.has_background[:, None, None]
        omega = torch.zeros(len(objects.labels), len(self.texts))
        background = torch.zeros(())
        if form.fill in objects.fills:
            tokens, attention = objects.fills[form.fill]
            seen = attention[:, layers].mean(1)
            background = self.tower.pooled(tokens.float(), seen, self.background_texts, objects.has_others) - mean_background
        for crop in form.crops:
            tokens, attention = objects.crops[crop]
            seen, every = attention[:, layers].mean(1), torch.ones(len(tokens), dtype=torch.bool)
            weights = self.tower.weights(tokens.float(), seen, self.texts, every)
            target = torch.einsum("ntc,ntd->ncd", weights, tokens.float())
            if form.combiner > 0 and self.combiner:
                parts = zip(tokens.float().split(64), weights.split(64))
                target = target + form.combiner * torch.cat([self.combiner(*part) for part in parts])
            omega += self.tower.alignment(target + gain * background, self.texts) / len(form.crops)
        return omega.max(1).values.numpy()

    def scores(self, form: Form, mean_background: Tensor) -> np.ndarray:
        """Of the known objects, then of the animals."""
        return np.concatenate([self.score(objects, form, mean_background) for objects in (self.known, self.animals)])

    def figures(self, scores: np.ndarray, reference: np.ndarray) -> str:
        """A set after the other, each compared with the reference."""
        return "   ".join(
            f"{part}: {compared(scores[rows], reference[rows], self.inside[rows], self.pictures[rows])}" for part, rows in self.sets.items()
        )

    def table(self, forms: dict[str, Form], mean_background: Callable[[Form], Tensor]) -> None:
        first = None
        for name, form in forms.items():
            scores = self.scores(form, mean_background(form))
            first = scores if first is None else first
            print(f"{name:<46}", self.figures(scores, first), flush=True)


def compared(scores: np.ndarray, reference: np.ndarray, inside: np.ndarray, pictures: np.ndarray) -> str:
    """AUROC / FPR95, and the difference in AUROC with its interval over pictures, the same draws for both."""
    chance = np.random.default_rng(0)
    names, index = np.unique(pictures, return_inverse=True)
    rows = [np.flatnonzero(index == at) for at in range(len(names))]
    drawn = (np.concatenate([rows[at] for at in chance.integers(0, len(names), len(names))]) for _ in range(DRAWS))

    def separation(values: np.ndarray, of: np.ndarray | slice) -> float:
        return 100 * auroc(values[of][inside[of]], values[of][~inside[of]])

    both = [each for each in drawn if inside[each].any() and not inside[each].all()]
    low, high = np.percentile([separation(scores, each) - separation(reference, each) for each in both], [2.5, 97.5])
    threshold = np.sort(scores[inside])[::-1][int(np.ceil(0.95 * inside.sum())) - 1]
    every = slice(None)
    own = separation(scores, every)
    difference = f"{own - separation(reference, every):+.1f} [{low:+.1f}, {high:+.1f}]"
    return f"{own:.1f} / {100 * (scores[~inside] >= threshold).mean():.0f}, {difference}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=("crops", "backgrounds"))
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--bundle", type=Path, required=True)
    given = arguments.parse_args()
    sources, tower = Sources(given.data), TappedTower(given.bundle)
    readout = json.loads((given.bundle / "bundle.json").read_text())["readout"]
    prompts = TextVectors(given.bundle)
    texts = prompts.names(list(VOC), readout["prompts"])
    fills = FILLS if given.what == "backgrounds" else {"mean colour": FILLS["mean colour"]}
    crops = CROPS if given.what == "crops" else {"squashed": CROPS["squashed"]}
    known = passed(tower, sources, sources.coco_validation, crops, fills)
    watched = [photo for photo in sources.kept_out if photo.label in WATCHED_ANIMALS]
    laboratory = Laboratory(tower, texts, known, passed(tower, sources, watched, crops, {}))
    if given.what == "crops":
        stored = load_file(str(given.bundle / readout["tensors"]["file"]))["meanBackground"]
        forms = {name: Form((name,)) for name in CROPS}
        forms["margins .1 and .05 together"] = Form(("squashed", "squashed, margin .05"))
        laboratory.table(forms, lambda _: torch.from_numpy(stored.astype(np.float32)))
        return
    boxed = [photo for photo in sources.training if photo.source in (*BOX_SETS, "coco256")]
    fitted = passed(tower, sources, boxed, crops, fills)

    def mean_background(form: Form) -> Tensor:
        tokens, attention = fitted.fills[form.fill]
        seen = attention[:, list(form.layers)].mean(1)
        return torch.einsum("nt,ntd->nd", seen, tokens.float())[fitted.has_background].mean(0)

    forms = {f"fill: {name}": Form(fill=name) for name in FILLS}
    laboratory.table(forms | {f"layers: {name}": Form(layers=layers) for name, layers in LAYER_CHOICES.items()}, mean_background)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    main()
