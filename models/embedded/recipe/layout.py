"""The side files of HF's CLIP exports: widths and heads, how a photo becomes pixels, and names."""

from __future__ import annotations

import json
from pathlib import Path

import image_tower
import text_tower
from names import Vocabulary
from stem import CLIP_MEAN, CLIP_STD
from text_tokenizer import LONGEST, WORDS
from views import GRID

PREPROCESSING = {
    "image_processor_type": "CLIPImageProcessor",
    "feature_extractor_type": "CLIPFeatureExtractor",
    "do_resize": True,
    "size": {"shortest_edge": 224},
    "resample": 3,
    "do_center_crop": True,
    "crop_size": {"height": 224, "width": 224},
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": list(CLIP_MEAN),
    "image_std": list(CLIP_STD),
    "do_convert_rgb": True,
}
VISION = {
    "model_type": "clip_vision_model",
    "hidden_size": image_tower.WIDTH,
    "num_hidden_layers": image_tower.LAYERS,
    "num_attention_heads": image_tower.HEADS,
    "intermediate_size": image_tower.HIDDEN,
    "image_size": 224,
    "patch_size": 32,
    "grid": [GRID, GRID],
    "projection_dim": image_tower.PROJECTED,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-05,
    "stem": "EfficientNet-Lite2 (ImageNet), frozen: 120x14x14 (space to depth) and 1280x7x7; two 1x1 projections, summed",
}
TEXT = {
    "model_type": "clip_text_model",
    "hidden_size": text_tower.WIDTH,
    "num_hidden_layers": text_tower.LAYERS,
    "num_attention_heads": text_tower.HEADS,
    "intermediate_size": text_tower.HIDDEN,
    "max_position_embeddings": LONGEST,
    "vocab_size": WORDS,
    "projection_dim": text_tower.PROJECTED,
    "hidden_act": "quick_gelu",
    "bos_token_id": 1,
    "eos_token_id": WORDS - 1,
    "pad_token_id": WORDS - 1,
    "unk_token_id": 0,
    "lower_case": True,
}
DETECTOR = {
    "file": "detector.onnx",
    "input": "images [batch,3,H,W], RGB 0-255, H and W multiples of 32, meant for 512x512",
    "outputs": {
        "keypoints": "[batch,80,H/4,W/4] class heat maps, already sigmoid",
        "wh": "[batch,4,H/4,W/4] distances in input pixels from (4x, 4y) of the cell to the left, top, right, bottom edge",
    },
    "stride": 4,
    "labels": "labels.json: coco",
}


def write_layout(folder: Path, name: str, vocabulary: Vocabulary) -> None:
    config = {
        "model_type": "clip",
        "name": name,
        "projection_dim": image_tower.PROJECTED,
        "logit_scale_init_value": 4.6052,
        "vision_config": VISION,
        "text_config": TEXT,
        "detector": DETECTOR,
    }
    labels = {"coco": vocabulary.coco, "photo_classes": vocabulary.classes}
    for file, content in (("config.json", config), ("preprocessor_config.json", PREPROCESSING), ("labels.json", labels)):
        (folder / file).write_text(json.dumps(content, indent=1))
