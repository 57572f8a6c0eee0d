"""Trains image tower and combiner on cached views, one process a core with averaged gradients; goes on where it was stopped."""

from __future__ import annotations

import copy
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
import torch.multiprocessing as processes
from torch import nn

from class_vectors import ClassVectors, WordVectors
from image_tower import ImageTower
from losses import AbsoluteCosines, learning_rate, losses, total
from measure_tower import TowerFigures
from method_loss import MethodLoss
from names import Vocabulary
from targets import Targets
from text_vectors import NameVectors
from view_records import ViewRecords

SAVE_EVERY = 200
REPORT_EVERY = 400
FREE_DECAY = 0.02  # draws vectors of names back to what WordNet says


@dataclass(frozen=True)
class TrainingSettings:
    steps: int
    batch: int  # of all processes together
    peak: float
    seed: int
    workers: int
    averaging: float = 0.998  # of the weights that are kept
    token_dropout: float = 0.05
    pasted: float = 0.25  # of photos and crops, see ViewRecords.batch
    half: bool = False


@dataclass(frozen=True)
class Material:
    """Where things are; read anew in each process."""

    views: Path
    texts: Callable[[], NameVectors]
    head_weights: Path  # state of stem.ImageNetHead
    output: Path
    vocabulary: Callable[[], Vocabulary]
    # With WordVectors as texts: where what was learnt of names without a vector of CLIP's is written
    learnt: Path | None = None


def train(material: Material, settings: TrainingSettings) -> None:
    meeting = material.output.resolve().with_suffix(".meeting")
    meeting.unlink(missing_ok=True)
    processes.spawn(_work, (material, settings, meeting), settings.workers)
    meeting.unlink(missing_ok=True)


def _work(rank: int, material: Material, settings: TrainingSettings, meeting: Path) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", f"file://{meeting}", rank=rank, world_size=settings.workers)
    torch.manual_seed(settings.seed)
    vocabulary = material.vocabulary()
    texts = material.texts()
    targets = Targets.of(vocabulary, texts)
    free = ClassVectors(targets, vocabulary, texts) if material.learnt and isinstance(texts, WordVectors) else None
    records = ViewRecords(material.views, "train", vocabulary.classes)
    weights = records.weights()
    head = torch.load(material.head_weights, weights_only=True)
    classifier = nn.Linear(1280, 1000).requires_grad_(False)
    classifier.load_state_dict({name.removeprefix("classes."): value for name, value in head.items() if name.startswith("classes.")})
    tower, absolute = ImageTower(), AbsoluteCosines()
    with torch.random.fork_rng():  # the tower's training is the same with and without it
        method = MethodLoss()
    tower.head.load_state_dict({name.removeprefix("convolution."): v for name, v in head.items() if name.startswith("convolution.")})
    _measure_scales(tower, records, weights, settings.seed)
    kept, kept_combiner = copy.deepcopy(tower), copy.deepcopy(method.combiner)
    vectors = list(free.parameters()) if free else []
    learning = [p for p in tower.parameters() if p.requires_grad]
    added = list(method.parameters())
    others = [*learning, *absolute.parameters(), *vectors]
    parameters = [*others, *added]
    optimiser = torch.optim.AdamW(
        [
            dict(params=[p for p in learning if p.ndim > 1], weight_decay=0.05, share=1.0),
            dict(params=[p for p in learning if p.ndim < 2], weight_decay=0.0, share=1.0),
            # It begins at nothing and sees a part of each batch.
            dict(params=[p for p in added if p.ndim > 1], weight_decay=0.05, share=3.0),
            dict(params=[p for p in added if p.ndim < 2], weight_decay=0.0, share=3.0),
            dict(params=list(absolute.parameters()), weight_decay=0.0, share=4.0),
            *([dict(params=vectors, weight_decay=FREE_DECAY, share=1.0)] if vectors else []),
        ],
        lr=settings.peak,
        betas=(0.9, 0.98),
    )
    step = 0
    if material.output.exists():
        state = torch.load(material.output, weights_only=True)
        if "method" not in state:
            raise ValueError(f"{material.output} is an earlier recipe's: delete it, and training begins anew.")
        tower.load_state_dict(state["trained"])
        kept.load_state_dict(state["tower"])
        method.load_state_dict(state["method"])
        kept_combiner.load_state_dict(state["combiner"])
        absolute.load_state_dict(state["absolute"])
        if free:
            free.load_state_dict(state["vectors"])
        optimiser.load_state_dict(state["optimiser"])
        step = state["step"]
    figures = TowerFigures(ViewRecords(material.views, "measure", vocabulary.classes), vocabulary, targets, texts) if rank == 0 else None
    log, begun = [], time.time()
    while step < settings.steps:
        chance = np.random.default_rng((settings.seed, step, rank))
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step / settings.steps, step, settings.peak) * group["share"]
        chosen = np.sort(chance.choice(len(records), settings.batch // settings.workers, p=weights, replace=False))
        parts = losses(
            tower,
            method,
            absolute,
            classifier,
            records.batch(chosen, chance, settings.pasted),
            free() if free else targets,
            chance,
            settings.token_dropout,
            settings.half,
        )
        optimiser.zero_grad()
        total(parts).backward()
        flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in parameters])
        distributed.all_reduce(flat)
        at = 0
        for p in parameters:
            p.grad = (flat[at : at + p.numel()] / settings.workers).view_as(p)
            at += p.numel()
        for part in (added, others):
            torch.nn.utils.clip_grad_norm_(part, 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            share = min(settings.averaging, (step + 1) / (step + 10))
            for average, now in ((kept, tower), (kept_combiner, method.combiner)):
                for slow, fast in zip(average.parameters(), now.parameters()):
                    slow.lerp_(fast, 1 - share)
        log.append({name: float(value.detach()) for name, value in parts.items()})
        if rank == 0 and figures:
            if step % 50 == 0:
                mean = {name: round(float(np.mean([each[name] for each in log[-50:]])), 3) for name in log[-1]}
                print(json.dumps(dict(step=step, seconds=round(time.time() - begun), **mean)), flush=True)
            if step % REPORT_EVERY == 0 or step == settings.steps:
                print(json.dumps(dict(step=step, figures=figures.of(kept))), flush=True)
            if step % SAVE_EVERY == 0 or step == settings.steps:
                state = {
                    "tower": kept.state_dict(),
                    "combiner": kept_combiner.state_dict(),
                    "trained": tower.state_dict(),
                    "method": method.state_dict(),
                    "absolute": absolute.state_dict(),
                    "vectors": free.state_dict() if free else None,
                    "optimiser": optimiser.state_dict(),
                    "step": step,
                }
                torch.save(state, material.output.with_suffix(".tmp"))
                os.replace(material.output.with_suffix(".tmp"), material.output)
    if rank == 0 and free and material.learnt:
        free.save(material.learnt)
    distributed.destroy_process_group()


def _measure_scales(tower: ImageTower, records: ViewRecords, weights: np.ndarray, seed: int) -> None:
    """One over the deviation of each feature channel, on views every process draws alike."""
    chance = np.random.default_rng(seed)
    middle, late = records.features(np.sort(chance.choice(len(records), 512, p=weights, replace=False)))
    with torch.no_grad():
        head = tower.head_features(late)
        folded = nn.functional.pixel_unshuffle(middle, 2).flatten(2).transpose(1, 2)
        tower.head_scale.copy_(1 / head.reshape(-1, head.shape[-1]).std(0).clamp(min=0.05))
        tower.middle_scale.copy_(1 / folded.reshape(-1, folded.shape[-1]).std(0).clamp(min=0.05))
