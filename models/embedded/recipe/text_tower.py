"""The text tower: a causal HF-CLIP encoder, read at the first `[EOT]`."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import CLIPTextConfig
from transformers.models.clip.modeling_clip import CLIPEncoder

from export import halve_weights
from text_tokenizer import LONGEST, WORDS

WIDTH, HEADS, LAYERS, HIDDEN, PROJECTED = 224, 4, 4, 672, 512
UNSEEN = -1e4


class TextTower(nn.Module):
    """`input_ids` [b, n <= 32] to `text_embeds` [b, 512] and `last_hidden_state` [b, n, 224], as HF's
    CLIPTextModelWithProjection names them. `[EOT]` is the highest id and pads, so no mask but the causal one is needed."""

    causal: Tensor

    def __init__(self) -> None:
        super().__init__()
        config = CLIPTextConfig(
            vocab_size=WORDS,
            hidden_size=WIDTH,
            intermediate_size=HIDDEN,
            num_hidden_layers=LAYERS,
            num_attention_heads=HEADS,
            max_position_embeddings=LONGEST,
            projection_dim=PROJECTED,
        )
        config._attn_implementation = "eager"
        self.token_embedding = nn.Embedding(WORDS, WIDTH)
        self.position_embedding = nn.Parameter(torch.randn(LONGEST, WIDTH) * 0.01)
        self.encoder = CLIPEncoder(config)  # type: ignore[arg-type]
        self.final_layer_norm = nn.LayerNorm(WIDTH)
        self.text_projection = nn.Linear(WIDTH, PROJECTED, bias=False)
        self.register_buffer("causal", torch.full((LONGEST, LONGEST), UNSEEN).triu(1), persistent=False)
        self.dropout = nn.Dropout(0.1)
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        nn.init.normal_(self.text_projection.weight, std=0.04)
        for name, parameter in self.encoder.named_parameters():
            if parameter.ndim == 2:
                nn.init.normal_(parameter, std=0.04)
            elif "bias" in name:
                nn.init.zeros_(parameter)

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        length = input_ids.shape[1]
        hidden = self.dropout(self.token_embedding(input_ids) + self.position_embedding[:length])
        mask = self.causal[None, None, :length, :length]
        hidden = self.final_layer_norm(self.encoder(inputs_embeds=hidden, causal_attention_mask=mask).last_hidden_state)
        end = input_ids.argmax(-1)[:, None, None].expand(-1, 1, WIDTH)
        return self.text_projection(torch.gather(hidden, 1, end)[:, 0]), hidden


def export_text(tower: TextTower, path: Path) -> None:
    full = path.with_suffix(".float32.onnx")
    end = WORDS - 1
    torch.onnx.export(
        tower.eval(),
        (torch.tensor([[1, 9, 8, end], [1, 7, end, end]]),),
        str(full),
        input_names=["input_ids"],
        output_names=["text_embeds", "last_hidden_state"],
        dynamic_axes={
            "input_ids": {0: "batch", 1: "sequence"},
            "text_embeds": {0: "batch"},
            "last_hidden_state": {0: "batch", 1: "sequence"},
        },
        opset_version=17,
        dynamo=False,
    )
    halve_weights(full, path)
    full.unlink()
