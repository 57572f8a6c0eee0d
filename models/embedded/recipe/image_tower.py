"""The trained part of the image tower: stem features to tokens, a HF-CLIP encoder, the pooling head."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import CLIPVisionConfig
from transformers.models.clip.modeling_clip import CLIPEncoder

from stem import HEAD_CHANNELS, LATE_CHANNELS, MIDDLE_CHANNELS
from views import GRID

WIDTH, HEADS, LAYERS, HIDDEN, PROJECTED = 256, 4, 3, 768, 512


@dataclass(frozen=True)
class Seen:
    """Tokens z [b, 50, 256] and β [b, 50]: what [CLS] looks at, mean over layers and heads."""

    hidden: Tensor
    attention: Tensor

    def float(self) -> Seen:
        return Seen(self.hidden.float(), self.attention.float())


class ImageTower(nn.Module):
    """`middle` [b, 120, 14, 14] and `late` [b, 352, 7, 7] of the stem to `image_embeds` [b, 512] and `last_hidden_state`
    [b, 50, 256], as HF's CLIPVisionModelWithProjection names them: token 0 is [CLS], the others the 7 x 7 cells row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(LATE_CHANNELS, HEAD_CHANNELS, 1).requires_grad_(False)
        self.from_head = nn.Linear(HEAD_CHANNELS, WIDTH)
        self.from_middle = nn.Linear(4 * MIDDLE_CHANNELS, WIDTH, bias=False)
        # Features differ in size by channel: divided by their deviation, which the export folds into the projections.
        self.head_scale = nn.Parameter(torch.ones(HEAD_CHANNELS), requires_grad=False)
        self.middle_scale = nn.Parameter(torch.ones(4 * MIDDLE_CHANNELS), requires_grad=False)
        self.class_embedding = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.position_embedding = nn.Parameter(torch.randn(1 + GRID * GRID, WIDTH) * 0.02)
        config = CLIPVisionConfig(
            hidden_size=WIDTH,
            intermediate_size=HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            projection_dim=PROJECTED,
            image_size=224,
            patch_size=32,
        )
        config._attn_implementation = "eager"
        self.pre_layrnorm = nn.LayerNorm(WIDTH)
        self.encoder = CLIPEncoder(config)  # type: ignore[arg-type]
        self.post_layernorm = nn.LayerNorm(WIDTH)
        self.visual_projection = nn.Linear(WIDTH, PROJECTED, bias=False)
        for name, parameter in self.encoder.named_parameters():
            if parameter.ndim == 2:
                small = "fc2" in name or "out_proj" in name
                nn.init.normal_(parameter, std=0.03 / (2 * LAYERS) ** 0.5 if small else 0.03)
            elif "bias" in name:
                nn.init.zeros_(parameter)
        nn.init.normal_(self.from_head.weight, std=HEAD_CHANNELS**-0.5)
        nn.init.normal_(self.from_middle.weight, std=0.5 * (4 * MIDDLE_CHANNELS) ** -0.5)
        nn.init.normal_(self.visual_projection.weight, std=WIDTH**-0.5)

    def head_features(self, late: Tensor) -> Tensor:
        """[b, 49, 1280]: the stem's own last convolution, frozen."""
        return nn.functional.relu6(self.head(late)).flatten(2).transpose(1, 2)

    def tokens(self, middle: Tensor, head: Tensor) -> Tensor:
        folded = nn.functional.pixel_unshuffle(middle, 2).flatten(2).transpose(1, 2)
        return self.from_head(head * self.head_scale) + self.from_middle(folded * self.middle_scale)

    def embedded(self, tokens: Tensor) -> Tensor:
        """What the encoder takes: [CLS] first, with positions."""
        first = self.class_embedding.view(1, 1, -1).expand(tokens.shape[0], 1, -1)
        return self.pre_layrnorm(torch.cat([first, tokens], 1) + self.position_embedding)

    def encode(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.encoder(inputs_embeds=self.embedded(tokens)).last_hidden_state
        return self.project(hidden[:, 0]), hidden

    def attend(self, tokens: Tensor) -> Seen:
        run = self.encoder(inputs_embeds=self.embedded(tokens), output_attentions=True)
        return Seen(run.last_hidden_state, torch.stack([layer[:, :, 0] for layer in run.attentions]).mean((0, 2)))

    def project(self, hidden: Tensor) -> Tensor:
        """The pooling head on any token."""
        return self.visual_projection(self.post_layernorm(hidden))

    def forward(self, middle: Tensor, late: Tensor) -> tuple[Tensor, Tensor]:
        return self.encode(self.tokens(middle, self.head_features(late)))
