"""Things cut out of photos with a plain ground and pasted into boxed scenes: boxes of things that no box set holds.

A cut-out is what a flood from the corner does not reach; only photos whose edge is of one colour are taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from sources import Photo, Sources

# Sets with many photos before a plain ground, and terms that allow any use.
CUT_SETS = ("caltech101", "clothing")
CUTS_A_CLASS = 14
# Names of the box sets that recall is measured on.
NEVER_CUT = frozenset(("trash can", "filing cabinet", "metal can"))
PLAIN_SHARE, PLAIN_RANGE, FLOOD_RANGE = 0.8, 22, 70
SMALLEST_CUT = 40


@dataclass(frozen=True)
class SceneBox:
    """left, top, right, bottom in pixels of the scene. Ignored: too much of it is covered or cut off to say that it is there or not."""

    label: str
    corners: tuple[float, float, float, float]
    ignored: bool = False


@dataclass(frozen=True)
class Scene:
    image: Image.Image
    boxes: tuple[SceneBox, ...]


def scene_of(sources: Sources, photo: Photo) -> Scene:
    boxes = [SceneBox(b.label, (b.box[0], b.box[1], b.box[0] + b.box[2], b.box[1] + b.box[3])) for b in photo.boxes]
    return Scene(sources.open(photo), tuple(boxes))


def cut_out(image: Image.Image) -> Image.Image | None:
    """The thing with its transparency, cut tightly; None where the ground is not plain or the outline not believable."""
    pixels = np.asarray(image, np.int16)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    ground = np.median(edge, 0)
    if (np.abs(edge - ground).max(1) < PLAIN_RANGE).mean() < PLAIN_SHARE:
        return None
    framed = Image.new("RGB", (image.width + 2, image.height + 2), tuple(int(value) for value in ground))
    framed.paste(image, (1, 1))
    mark = (255, 0, 255)
    ImageDraw.floodfill(framed, (0, 0), mark, thresh=FLOOD_RANGE)
    thing = ~(np.asarray(framed)[1:-1, 1:-1] == mark).all(-1)
    outline = Image.fromarray(thing.astype(np.uint8) * 255).filter(ImageFilter.MedianFilter(5))
    thing = np.asarray(outline) > 127
    if not 0.08 < thing.mean() < 0.8:
        return None
    y, x = np.nonzero(thing)
    (top, bottom), (left, right) = (np.percentile(each, (0.3, 99.7)).astype(int) for each in (y, x))
    if min(bottom - top, right - left) < SMALLEST_CUT or thing[top:bottom, left:right].mean() < 0.3:
        return None
    cut = image.copy()
    cut.putalpha(outline.filter(ImageFilter.GaussianBlur(0.8)))
    return cut.crop((int(left), int(top), int(right) + 1, int(bottom) + 1))


def cut_outs(sources: Sources, rng: Random) -> list[tuple[str, Image.Image]]:
    """Names and things, at most `CUTS_A_CLASS` of a class."""
    photos = [photo for photo in sources.training if photo.source in CUT_SETS and photo.label not in NEVER_CUT]
    rng.shuffle(photos)
    found: list[tuple[str, Image.Image]] = []
    counts: dict[str, int] = {}
    for photo in photos:
        if counts.get(photo.label, 0) < CUTS_A_CLASS and (cut := cut_out(sources.open(photo))) is not None:
            counts[photo.label] = counts.get(photo.label, 0) + 1
            found.append((photo.label, cut))
    return found


def with_pasted(scene: Scene, cuts: list[tuple[str, Image.Image]], rng: Random) -> Scene:
    """One to four things of any size, flipped, stretched, blurred and lit at random."""
    image, boxes = scene.image.copy(), list(scene.boxes)
    for _ in range(rng.choice((1, 2, 2, 3, 4))):
        label, cut = rng.choice(cuts)
        longest = min(image.size) * math.exp(rng.uniform(math.log(0.12), math.log(0.75)))
        width, height = (max(int(side * longest / max(cut.size) * rng.uniform(0.8, 1.25)), 8) for side in cut.size)
        if rng.random() < 0.5:
            cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        cut = lit(cut.resize((width, height), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.8))), rng)
        x, y = (place(of, side, rng) for of, side in zip(image.size, cut.size))
        image.paste(cut, (x, y), cut)
        corners = (max(x, 0), max(y, 0), min(x + width, image.width), min(y + height, image.height))
        boxes = [each for box in boxes if (each := seen_behind(box, corners)) is not None]
        boxes.append(SceneBox(label, corners))
    return Scene(image, tuple(boxes))


def lit(cut: Image.Image, rng: Random) -> Image.Image:
    pixels = np.asarray(cut).astype(np.float32)
    pixels[..., :3] = np.clip(pixels[..., :3] * rng.uniform(0.55, 1.15) + rng.uniform(-15, 25), 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def place(whole: int, side: int, rng: Random) -> int:
    """Up to an eighth of a thing lies beside the picture."""
    return rng.randint(-side // 8, max(whole - side + side // 8, -side // 8 + 1)) if side < whole else 0


def seen_behind(box: SceneBox, front: tuple[float, float, float, float]) -> SceneBox | None:
    left, top, right, bottom = box.corners
    shared = max(min(right, front[2]) - max(left, front[0]), 0) * max(min(bottom, front[3]) - max(top, front[1]), 0)
    covered = shared / max((right - left) * (bottom - top), 1e-6)
    return box if covered < 0.35 else SceneBox(box.label, box.corners, True) if covered < 0.85 else None


def flipped(scene: Scene) -> Scene:
    width = scene.image.width
    boxes = [SceneBox(b.label, (width - b.corners[2], b.corners[1], width - b.corners[0], b.corners[3]), b.ignored) for b in scene.boxes]
    return Scene(scene.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), tuple(boxes))


def cropped(scene: Scene, rng: Random) -> Scene:
    """A half to nine tenths of each side, with what is left of the boxes; the scene itself where twenty tries show nothing whole."""
    for _ in range(20):
        share = rng.uniform(0.5, 0.9)
        width, height = int(scene.image.width * share), int(scene.image.height * share)
        x, y = rng.randint(0, scene.image.width - width), rng.randint(0, scene.image.height - height)
        boxes = [each for box in scene.boxes if (each := seen_in(box, x, y, width, height)) is not None]
        if any(not box.ignored for box in boxes):
            return Scene(scene.image.crop((x, y, x + width, y + height)), tuple(boxes))
    return scene


def seen_in(box: SceneBox, x: int, y: int, width: int, height: int) -> SceneBox | None:
    left, top, right, bottom = box.corners
    corners = (max(left - x, 0), max(top - y, 0), min(right - x, width), min(bottom - y, height))
    w, h = corners[2] - corners[0], corners[3] - corners[1]
    if min(w, h) < 8:
        return None
    return SceneBox(box.label, corners, box.ignored or w * h <= 0.6 * (right - left) * (bottom - top))
