"""The method's own loss: alignment scores of candidate-conditional representations, over class lists as a person would give them."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import layer_norm, linear, normalize, softplus

from combiner import Combiner, token_weights
from image_tower import ImageTower, Seen
from targets import NEVER, Targets
from view_records import Batch

SCALE = 100.0
SHORTEST_LIST, LONGEST_LIST = 5, 80  # in the mean: each name is drawn by itself
FROM_COCO = 0.6  # of the lists; the others are of all names
KNOWN = 0.5  # of the lists have the view's own name
CANDIDATES = 8  # of a list: those that can still win
RANKING_SCALE = 25.0


class MethodLoss(nn.Module):
    """The combiner, and the score at which _none of these_ begins to win. Both learn; the tower is taken as it is at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.combiner = Combiner()
        self.rest = nn.Parameter(torch.tensor([0.12]))

    def forward(
        self,
        tower: ImageTower,
        seen: Seen,
        projected: Tensor,
        batch: Batch,
        targets: Targets,
        chance: np.random.Generator,
        half: bool,
    ) -> dict[str, Tensor]:
        """Each photo, crop and painted view against a list of its own. `method`: the right candidate, or _none of these_;
        `ranking`: what is known scores above what is not.

        @param projected P z of all tokens [b, 50, 512].
        """
        rows = torch.from_numpy(np.flatnonzero(np.isin(batch.kinds, ("photo", "crop", "painted"))))
        tokens, attention = seen.hidden[rows].detach(), seen.attention[rows].detach()
        unit = normalize(projected[rows].detach(), dim=-1)
        candidates, present, inside = drawn_candidates(unit[:, 0], batch.shares[rows], targets, chance)
        texts = targets.classes[candidates].detach()  # vectors that are free learn nothing from it either
        weights = token_weights(attention, torch.bmm(unit, texts.transpose(1, 2)).clamp(min=0))
        pooled = torch.bmm(weights.transpose(1, 2), tokens)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            image = project_as_it_is(tower, pooled + self.combiner(tokens, weights))
        scores = (normalize(image.float(), dim=-1) * texts).sum(-1).masked_fill(~present, NEVER)
        logits = SCALE * torch.cat([scores, self.rest.expand(len(rows), 1)], 1)
        answer = torch.where(inside, 0, candidates.shape[1])
        best = scores.max(1).values
        lead = best[inside][:, None] - best[~inside][None]
        return {
            "method": -logits.log_softmax(1).gather(1, answer[:, None]).mean(),
            "ranking": softplus(-RANKING_SCALE * lead).mean() if lead.numel() else scores.sum() * 0,
        }


def project_as_it_is(tower: ImageTower, tokens: Tensor) -> Tensor:
    """The pooling head, which does not learn from what passes here."""
    norm = tower.post_layernorm
    normal = layer_norm(tokens, norm.normalized_shape, norm.weight.detach(), norm.bias.detach(), norm.eps)
    return linear(normal, tower.visual_projection.weight.detach())


@torch.no_grad()
def drawn_candidates(embedding: Tensor, shares: Tensor, targets: Targets, chance: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """A list a view, and of it the candidates nearest its embedding [n, 512].

    @returns candidates [n, 1 + CANDIDATES], which of them are there, and whose list has a right name, which then comes first.
    Names that are only related to what is on the view are in no list of it."""
    count, total = len(embedding), len(targets.classes)
    right = shares @ targets.matching > 0
    related = shares @ targets.related < 0
    coco = torch.zeros(total, dtype=torch.bool)
    coco[targets.coco] = True
    pool = coco | torch.from_numpy(chance.random(count) >= FROM_COCO)[:, None]
    length = np.exp(chance.uniform(math.log(SHORTEST_LIST), math.log(LONGEST_LIST), count)).astype(np.float32)
    drawn = torch.from_numpy(chance.random((count, total), np.float32)) < torch.from_numpy(length)[:, None] / pool.sum(1, keepdim=True)
    cosines = embedding @ targets.classes.T
    others = cosines.masked_fill(~(pool & drawn & ~right & ~related), NEVER).topk(CANDIDATES)
    inside = right.any(1) & torch.from_numpy(chance.random(count) < KNOWN)
    first = torch.where(inside, cosines.masked_fill(~right, NEVER).argmax(1), others.indices[:, 0])
    candidates = torch.cat([first[:, None], others.indices], 1)
    return candidates, torch.cat([inside[:, None], others.values > NEVER / 2], 1), inside
