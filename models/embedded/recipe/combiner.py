"""The generic combiner: trained beside the tower on many class lists, it knows none.

It is the target's branch of the product's combiner (extension/pipeline/combiner.ts): a three-layer CNN over the weighted patches,
fused with the weighted [CLS], added to the pooled tokens. The background's branch adds nothing until it is tuned.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor, nn
from torch.nn.functional import relu

from image_tower import WIDTH
from views import GRID

BOTTLENECK, HIDDEN = 16, 64  # as few-shot tuning has them, which begins here
SHARE = 0.5  # of what it has learnt to add: the largest that is above nothing on the watched animals, clear of zero


class Combiner(nn.Module):
    """What is added to the pooled tokens of every candidate class, [n, c, 256]; nothing before training."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(WIDTH, BOTTLENECK, 3, padding=1)
        self.conv2, self.conv3 = (nn.Conv2d(BOTTLENECK, BOTTLENECK, 3, padding=1) for _ in range(2))
        self.mlp1, self.mlp2 = nn.Linear(BOTTLENECK + WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 1 or name == "mlp2.weight":
                nn.init.zeros_(parameter)
            else:
                nn.init.kaiming_normal_(parameter)

    def forward(self, tokens: Tensor, weights: Tensor) -> Tensor:
        """@param tokens z [n, 50, 256]. @param weights a [n, 50, c], sums 1 over tokens."""
        count, candidates = weights.shape[1], weights.shape[2]
        weighted = count * weights.permute(0, 2, 1)[..., None] * tokens[:, None]
        grid = weighted[:, :, 1:].flatten(0, 1).transpose(1, 2).unflatten(2, (GRID, GRID))
        seen = self.conv3(relu(self.conv2(relu(self.conv1(grid))))).mean((2, 3)).unflatten(0, (-1, candidates))
        return self.mlp2(relu(self.mlp1(torch.cat([seen, weighted[:, :, 0]], -1))))


def token_weights(attention: Tensor, alignment: Tensor) -> Tensor:
    """a [n, 50, c], sums 1 over tokens: attention [n, 50] times alignment [n, 50, c], or alone where nothing aligns."""
    omega = attention[..., None] * alignment
    total = omega.sum(1, keepdim=True)
    return torch.where(total > 1e-12, omega / total.clamp(min=1e-12), attention[..., None])


def export_combiner(combiner: Combiner, path: Path) -> None:
    """Both branches by the names that the product gives them; the background's last layer is zero."""
    tensors = {}
    for name, value in combiner.state_dict().items():
        is_last = name.startswith("mlp2")
        tensors[f"target.{name}"] = SHARE * value if is_last else value.contiguous()
        # Where tuning begins: it looks at tokens as the target's does.
        tensors[f"background.{name}"] = torch.zeros_like(value) if is_last else value.clone().contiguous()
    path.write_bytes(save(tensors))
