"""What the image tower sees in training: photos, crops, mosaics, scenes, and crops whose object is painted over; and plain views."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance

from sources import SMALLEST_MEASURED_SIDE, SMALLEST_TRAINING_SIDE, LabelledBox, Photo, Sources
from stem import CLIP_MEAN, CLIP_STD

SIDE = 224
GRID = 7
DETECTED_VIEWS = 3
BLANKS = ((0, 0, 0), (0, 0, 0), (128, 128, 128), (255, 255, 255), (123, 117, 104))


@dataclass(frozen=True)
class Region:
    """Where a label is: its share of each of the 49 cells, row by row."""

    label: str
    cells: np.ndarray


@dataclass(frozen=True)
class View:
    """`kind`: photo, crop, mosaic, scene or painted (the labels of a painted view are what was painted over)."""

    kind: str
    image: Image.Image
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class Recipe:
    """What a view is made of; the same recipe and seed make the same pixels."""

    kind: str
    photos: tuple[int, ...]
    box: int = -1


EVERYWHERE = np.ones(GRID * GRID, np.float32)


def training_recipes(sources: Sources, photo_views: int, seed: int) -> list[Recipe]:
    """Every photo `photo_views` times, every box and scene several times more, and mosaics of four for a third of the photos."""
    chance = random.Random(seed)
    singles = [index for index, photo in enumerate(sources.training) if photo.label]
    recipes = [Recipe("photo", (index,)) for index in singles for _ in range(photo_views)]
    for index, photo in enumerate(sources.training):
        usable = [at for at, each in enumerate(photo.every_box) if min(each.box[2:]) >= SMALLEST_TRAINING_SIDE]
        recipes += [Recipe("crop", (index,), at) for at in usable for _ in range(5 if at < len(photo.boxes) else DETECTED_VIEWS)]
        recipes += [Recipe("painted", (index,), at) for at in usable]
        if not photo.label:
            recipes += [Recipe("scene", (index,)) for _ in range(5)]
    for _ in range(len(singles) // 3 * photo_views // 2):
        recipes.append(Recipe("mosaic", tuple(chance.choice(singles) for _ in range(4))))
    chance.shuffle(recipes)
    return recipes


def training_view(sources: Sources, recipe: Recipe, seed: str) -> View:
    chance = random.Random(seed)
    first = sources.training[recipe.photos[0]]
    if recipe.kind == "mosaic":
        return mosaic(sources, recipe, chance)
    image = sources.open(first)
    if recipe.kind == "photo":
        return View("photo", touched(varied_crop(image, chance, 0.3), chance), (Region(first.label, EVERYWHERE),))
    if recipe.kind == "scene":
        return scene(image, first, chance)
    box = first.every_box[recipe.box]
    if recipe.kind == "painted":
        margin = chance.uniform(0.2, 0.6)
        view = squashed(cut(painted_over(image, box, chance.choice(BLANKS)), box, margin))
        return View("painted", flipped(view, chance), (Region(box.label, EVERYWHERE),))
    margin = chance.choice([0.0, 0.1, 0.1, chance.uniform(0, 0.3)])
    return View("crop", touched(squashed(cut(image, box, margin, chance)), chance), (Region(box.label, EVERYWHERE),))


def plain_photo(image: Image.Image) -> Image.Image:
    return squashed(image)


def plain_crop(image: Image.Image, box: LabelledBox) -> Image.Image:
    return squashed(cut(image, box, 0))


def is_measured(box: LabelledBox) -> bool:
    return min(box.box[2:]) >= SMALLEST_MEASURED_SIDE


def as_input(image: Image.Image) -> np.ndarray:
    """[3, 224, 224], normalised as CLIP's."""
    pixels = np.asarray(image, np.float32) / 255
    return ((pixels - np.array(CLIP_MEAN, np.float32)) / np.array(CLIP_STD, np.float32)).transpose(2, 0, 1)


def squashed(image: Image.Image, side: int = SIDE) -> Image.Image:
    return image.resize((side, side), Image.Resampling.BICUBIC)


def cut(image: Image.Image, box: LabelledBox, margin: float, chance: random.Random | None = None) -> Image.Image:
    x, y, w, h = box.box
    slack = [chance.uniform(-0.06, 0.06) if chance else 0.0 for _ in range(4)]
    left, right = x - (margin + slack[0]) * w, x + w + (margin + slack[1]) * w
    top, bottom = y - (margin + slack[2]) * h, y + h + (margin + slack[3]) * h
    left, top = max(0, int(left)), max(0, int(top))
    right, bottom = min(image.width, int(np.ceil(right))), min(image.height, int(np.ceil(bottom)))
    return image.crop((left, top, max(left + 4, right), max(top + 4, bottom)))


def painted_over(image: Image.Image, box: LabelledBox, colour: tuple[int, int, int]) -> Image.Image:
    x, y, w, h = box.box
    painted = image.copy()
    painted.paste(colour, (int(x), int(y), int(np.ceil(x + w)), int(np.ceil(y + h))))
    return painted


def varied_crop(image: Image.Image, chance: random.Random, smallest: float) -> Image.Image:
    """A random part of at least `smallest` of the area, squashed to the square."""
    width, height = image.size
    for _ in range(8):
        area, ratio = chance.uniform(smallest, 1) * width * height, np.exp(chance.uniform(-0.36, 0.36))
        w, h = int((area * ratio) ** 0.5), int((area / ratio) ** 0.5)
        if 4 <= w <= width and 4 <= h <= height:
            left, top = chance.randint(0, width - w), chance.randint(0, height - h)
            return squashed(image.crop((left, top, left + w, top + h)))
    return squashed(image)


def flipped(image: Image.Image, chance: random.Random) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if chance.random() < 0.5 else image


def touched(image: Image.Image, chance: random.Random) -> Image.Image:
    """Low resolution, flips, colours, an empty canvas around it as masking leaves, or a blank rectangle."""
    if chance.random() < 0.2:
        side = chance.randint(24, 80)
        image = squashed(image.resize((side, side), Image.Resampling.BILINEAR))
    image = flipped(image, chance)
    if chance.random() < 0.4:
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            image = enhance(image).enhance(chance.uniform(0.65, 1.4))
    elif chance.random() < 0.08:
        image = image.convert("L").convert("RGB")
    which, blank = chance.random(), chance.choice(BLANKS)
    if which < 0.1:
        w, h = chance.randint(90, 200), chance.randint(90, 200)
        canvas = Image.new("RGB", (SIDE, SIDE), blank)
        canvas.paste(image.resize((w, h)), (chance.randint(0, SIDE - w), chance.randint(0, SIDE - h)))
        return canvas
    if which < 0.18:
        w, h = chance.randint(40, 110), chance.randint(40, 110)
        image.paste(Image.new("RGB", (w, h), blank), (chance.randint(0, SIDE - w), chance.randint(0, SIDE - h)))
    return image


def mosaic(sources: Sources, recipe: Recipe, chance: random.Random) -> View:
    """Four photos, cut at lines of the token grid: each cell shows one of them."""
    across, down = chance.randint(2, GRID - 2), chance.randint(2, GRID - 2)
    canvas = Image.new("RGB", (SIDE, SIDE))
    regions = []
    cell = SIDE // GRID
    for at, index in enumerate(recipe.photos):
        left, right = ((0, across), (across, GRID))[at % 2]
        top, bottom = ((0, down), (down, GRID))[at // 2]
        photo = sources.training[index]
        part = flipped(varied_crop(sources.open(photo), chance, 0.5), chance)
        canvas.paste(part.resize(((right - left) * cell, (bottom - top) * cell)), (left * cell, top * cell))
        cells = np.zeros((GRID, GRID), np.float32)
        cells[top:bottom, left:right] = 1
        regions.append(Region(photo.label, cells.ravel()))
    return View("mosaic", canvas, tuple(regions))


def scene(image: Image.Image, photo: Photo, chance: random.Random) -> View:
    """A part of the photo, at least 40 % of it, squashed; boxes follow."""
    width, height = image.size
    w, h = int(width * chance.uniform(0.63, 1)), int(height * chance.uniform(0.63, 1))
    left, top = chance.randint(0, width - w), chance.randint(0, height - h)
    part = squashed(image.crop((left, top, left + w, top + h)))
    mirror = chance.random() < 0.5
    regions = box_regions(photo, (left, top, w, h))
    if mirror:
        part = part.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        regions = tuple(Region(r.label, r.cells.reshape(GRID, GRID)[:, ::-1].ravel()) for r in regions)
    return View("scene", part, regions)


def box_regions(photo: Photo, part: tuple[float, float, float, float]) -> tuple[Region, ...]:
    """The share of each cell of the squashed part that boxes of a label cover (at most 1 together)."""
    left, top, width, height = part
    covered: dict[str, np.ndarray] = {}
    edges = np.arange(GRID)
    for each in photo.every_box:
        x0, y0 = (each.box[0] - left) / width * GRID, (each.box[1] - top) / height * GRID
        x1, y1 = x0 + each.box[2] / width * GRID, y0 + each.box[3] / height * GRID
        across = np.clip(np.minimum(x1, edges + 1) - np.maximum(x0, edges), 0, 1)
        down = np.clip(np.minimum(y1, edges + 1) - np.maximum(y0, edges), 0, 1)
        share = np.outer(down, across).astype(np.float32).ravel()
        if share.sum() > 0.1:
            covered[each.label] = np.minimum(1, covered.get(each.label, 0) + share)
    return tuple(Region(label, cells) for label, cells in covered.items())
