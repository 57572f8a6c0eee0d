"""What the image tower is trained towards. Cosines are multiplied by 100 in every softmax, as CLIP's are."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, dropout, normalize, one_hot

from image_tower import ImageTower
from method_loss import MethodLoss
from targets import NEVER, Targets
from view_records import Batch

SCALE = 100.0
LABEL_SMOOTHING = 0.05
WEIGHTS = {
    "classes": 1.0,
    "open": 1.0,
    "sigmoid": 0.15,
    "imagenet": 0.7,
    "neighbours": 0.5,
    "regions": 0.7,
    "region sigmoid": 0.1,
    "patches": 0.5,
    "steady": 20.0,
    "painted": 0.3,
    "method": 1.0,
    "ranking": 1.0,
}


class AbsoluteCosines(nn.Module):
    """Scale and bias of the sigmoid losses, and the cosine at which "none of these" begins to win a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(4.2))
        self.bias = nn.Parameter(torch.tensor(0.14))
        self.patch_log_scale = nn.Parameter(torch.tensor(4.0))
        self.patch_bias = nn.Parameter(torch.tensor(0.14))
        self.rest = nn.Parameter(torch.tensor(0.12))


def divergence(target: Tensor, logits: Tensor) -> Tensor:
    """Cross entropy less the target's own entropy, a row."""
    return (target * (target.clamp(min=1e-8).log() - logits.log_softmax(-1))).sum(-1)


def losses(
    tower: ImageTower,
    method: MethodLoss,
    absolute: AbsoluteCosines,
    classifier: nn.Linear,
    batch: Batch,
    targets: Targets,
    chance: np.random.Generator,
    token_dropout: float = 0.0,
    half: bool = False,
) -> dict[str, Tensor]:
    """@param classifier: ImageNet's, on the stem's pooled head features: the teacher of names no photo carries.
    @param half: products of tower and combiner in bfloat16."""
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        head = tower.head_features(batch.late)
        seen = tower.attend(dropout(tower.tokens(batch.middle, head), token_dropout))
        projected = tower.project(seen.hidden)
    head, projected, seen = head.float(), projected.float(), seen.float()
    embedding, patches = normalize(projected[:, 0], dim=-1), projected[:, 1:]
    kinds = batch.kinds
    named = torch.from_numpy(kinds != "painted").float()
    single = torch.from_numpy(np.isin(kinds, ("photo", "crop"))).float()
    shares, names = batch.shares, targets.classes
    # A name that is right for a part of the view is never wrong for another part, nor is what is related to it.
    excused = ((shares > 0).float() @ targets.related).clamp(min=NEVER)
    excused = torch.where(shares > 0, torch.zeros_like(excused), excused)

    logits = SCALE * embedding @ names.T + excused
    smooth = (1 - LABEL_SMOOTHING) * shares + LABEL_SMOOTHING * (excused == 0).float() / (excused == 0).sum(-1, keepdim=True)
    result = {"classes": mean_over(divergence(smooth, logits), named)}

    # Where the object is painted over, what is around it shall name nothing.
    flat = torch.full_like(logits, 1 / logits.shape[1])
    result["painted"] = mean_over(divergence(flat, SCALE * embedding @ names.T), 1 - named)

    result["open"] = open_loss(embedding, absolute, shares, kinds, targets, chance)

    is_there = ((shares > 0.3).float() @ targets.matching).clamp(max=1)
    counts = torch.maximum((excused == 0).float(), is_there)
    margin = absolute.log_scale.exp() * (embedding @ names.T - absolute.bias)
    unsure = torch.from_numpy(kinds == "scene").float()[:, None] * (1 - is_there)
    result["sigmoid"] = (binary_cross_entropy_with_logits(margin, is_there, reduction="none") * counts * (1 - unsure)).sum(-1).mean()

    with torch.no_grad():
        teacher = (classifier(head.mean(1)) / 1.5).softmax(-1) * targets.imagenet_allowed
        teacher = teacher / teacher.sum(-1, keepdim=True)
    trust = torch.where(torch.from_numpy(kinds == "photo"), 1.0, 0.4) * named
    result["imagenet"] = mean_over(divergence(teacher, SCALE * embedding @ targets.imagenet.T), trust)

    near = SCALE * embedding @ targets.neighbours.T
    label_near = shares @ targets.class_neighbours
    result["neighbours"] = mean_over(divergence(label_near, near), single) + 0.6 * mean_over(
        divergence(teacher @ targets.imagenet_neighbours, near), trust
    )
    result.update(region_losses(patches, absolute, batch, targets, excused, chance))
    result.update(method(tower, seen, projected, batch, targets, chance, half))
    along = embedding @ targets.mean
    result["steady"] = ((along - along.mean().detach()) ** 2).mean()
    return result


def mean_over(values: Tensor, weights: Tensor) -> Tensor:
    return (values * weights).sum() / weights.sum().clamp(min=1)


def open_loss(
    embedding: Tensor,
    absolute: AbsoluteCosines,
    shares: Tensor,
    kinds: np.ndarray,
    targets: Targets,
    chance: np.random.Generator,
) -> Tensor:
    """A class list of 5 to 80 names as a person would give it, and one more answer, "none of these", at a cosine of its own:
    right for what is of none of them, and for a view whose object is painted over."""
    pool = targets.coco.numpy() if chance.random() < 0.6 else np.arange(len(targets.classes))
    count = int(np.exp(chance.uniform(np.log(5), np.log(min(80, len(pool))))))
    listed = torch.from_numpy(np.sort(chance.choice(pool, count, replace=False)))
    whole = torch.from_numpy(np.isin(kinds, ("photo", "crop", "painted")))
    right = (shares[whole] @ targets.matching)[:, listed].clamp(max=1)
    # What is only related to a listed name is neither of it nor of none.
    doubtful = ((shares[whole] @ targets.related)[:, listed] < 0) & (right == 0)
    cosines = torch.cat([embedding[whole] @ targets.classes[listed].T, absolute.rest.expand(int(whole.sum()), 1)], 1)
    logits = SCALE * cosines
    logits = torch.cat([logits[:, :-1].masked_fill(doubtful, NEVER), logits[:, -1:]], 1)
    none = (right.sum(-1, keepdim=True) == 0).float()
    target = torch.cat([right / right.sum(-1, keepdim=True).clamp(min=1), none], 1)
    weight = torch.where((none[:, 0] > 0) & doubtful.any(-1), 0.0, 1.0)
    return mean_over(divergence(0.97 * target + 0.03 / target.shape[1], logits), weight)


def region_losses(
    patches: Tensor,
    absolute: AbsoluteCosines,
    batch: Batch,
    targets: Targets,
    excused: Tensor,
    chance: np.random.Generator,
) -> dict[str, Tensor]:
    """Patch tokens, projected by the pooling head: any weighted mean over a thing's cells tells its name, as the method's
    representations are made; and in scenes and mosaics each cell tells what is on it and what is elsewhere."""
    if len(batch.region_class) == 0:
        zero = patches.sum() * 0
        return {"regions": zero, "region sigmoid": zero, "patches": zero}
    views, names, cells = batch.region_view, batch.region_class, batch.region_cells
    uneven = torch.from_numpy(chance.gamma(0.7, size=tuple(cells.shape)).astype(np.float32))
    weights = cells * uneven
    weights = weights / weights.sum(-1, keepdim=True).clamp(min=1e-6)
    pooled = normalize(torch.bmm(weights[:, None], patches[views])[:, 0], dim=-1)
    cosines = pooled @ targets.classes.T
    own = one_hot(names, len(targets.classes)).float()
    allowed = excused[views] + targets.related[names]
    allowed = torch.where(own > 0, torch.zeros_like(allowed), allowed.clamp(min=NEVER))
    # Elsewhere on the view there may be more; a crowded region is no evidence against the view's other names.
    sure = torch.from_numpy(np.where(batch.kinds == "scene", 0.5, 1.0).astype(np.float32))[views]
    result = {"regions": mean_over(divergence(0.95 * own + 0.05 / own.shape[1], SCALE * cosines + allowed), sure)}
    margin = absolute.log_scale.exp() * (cosines - absolute.bias)
    wanted = targets.matching[names]
    kept = torch.maximum((allowed == 0).float(), wanted)
    each = (binary_cross_entropy_with_logits(margin, wanted, reduction="none") * kept).sum(-1)
    result["region sigmoid"] = mean_over(each, sure)

    placed = torch.from_numpy(np.isin(batch.kinds, ("scene", "mosaic")))[views]
    if not bool(placed.any()):
        result["patches"] = patches.sum() * 0
        return result
    seen = normalize(patches[views[placed]], dim=-1)
    vectors = targets.classes[names[placed]]
    margin = absolute.patch_log_scale.exp() * (torch.bmm(seen, vectors[:, :, None])[..., 0] - absolute.patch_bias)
    share = cells[placed]
    inside, outside = (share > 0.5).float(), (share < 0.02).float()
    hit = mean_over(binary_cross_entropy_with_logits(margin, inside, reduction="none"), inside)
    miss = mean_over(binary_cross_entropy_with_logits(margin, inside, reduction="none"), outside)
    # Which cell of the view speaks loudest for the name: the softmax over cells, by share.
    spread = share / share.sum(-1, keepdim=True)
    pointing = divergence(spread, 30 * torch.bmm(seen, vectors[:, :, None])[..., 0]).mean()
    result["patches"] = hit + miss + 0.5 * pointing
    return result


def total(parts: dict[str, Tensor]) -> Tensor:
    return sum((WEIGHTS[name] * value for name, value in parts.items()), torch.zeros(()))


def learning_rate(progress: float, step: int, peak: float, warm_up: int = 150) -> float:
    """@param progress 0 to 1 of the run: a warm-up, then half a cosine."""
    return peak * min(1, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * min(1, progress)) + 0.01)
