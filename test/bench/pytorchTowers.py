"""The two-branch pass as someone would write it first: transformers, eager attention, one object at a time.

usage: pytorchTowers.py CLIP_FOLDER THREADS; for every line read, passes one object and prints the seconds it took.
"""

import math
import sys
import time

import torch
from transformers import CLIPVisionModelWithProjection

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
model = CLIPVisionModelWithProjection.from_pretrained(folder, attn_implementation="eager").eval()
size = model.config.image_size
views = torch.sin(torch.arange(2 * 3 * size * size) * 0.01).reshape(2, 3, size, size)
queries, keys = [], []
for layer in model.vision_model.encoder.layers:
    layer.self_attn.q_proj.register_forward_hook(lambda _, __, out: queries.append(out))
    layer.self_attn.k_proj.register_forward_hook(lambda _, __, out: keys.append(out))


def heads(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.reshape(*tensor.shape[:2], model.config.num_attention_heads, -1).transpose(1, 2)


@torch.no_grad()
def pass_object() -> torch.Tensor:
    queries.clear()
    keys.clear()
    out = model(pixel_values=views, output_attentions=True, output_hidden_states=True)
    attention = 0
    for query, key in zip(queries, keys):
        q, k = heads(query)[:1, :, :1], heads(key)
        attention = attention + (q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])).softmax(-1).mean((1, 2))
    tokens = model.vision_model.post_layernorm(out.hidden_states[-1])
    return attention / len(queries), model.visual_projection(tokens)


for _ in sys.stdin:
    begun = time.perf_counter()
    pass_object()
    print(time.perf_counter() - begun, flush=True)
