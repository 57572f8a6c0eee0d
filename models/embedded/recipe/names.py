"""Names the tower learns, and what they have to do with one another: WordNet's hypernyms, COCO's eighty, ImageNet's thousand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sources import KEPT_OUT
from wordnet import WordNet, plain

# Which sense of a name COCO means, where WordNet's first noun sense is another; None: no sense helps.
COCO_SENSES: dict[str, str | None] = {
    "tv": "television receiver", "couch": "sofa", "cell phone": "cellular telephone", "remote": "remote control",
    "tie": "necktie", "skis": "ski", "wine glass": "wineglass", "donut": "doughnut", "cow": "cattle",
    "hair drier": "hand blower", "keyboard": "computer keyboard", "bench": "park bench", "sink": "washbasin",
    "sports ball": None, "mouse": None, "hot dog": None, "potted plant": None, "person": None, "dining table": None,
    "book": None, "stop sign": None, "cup": None, "bowl": None, "oven": None, "kite": None, "handbag": None,
}  # fmt: skip
# What a name shows in COCO's terms, where its hypernyms say something else.
COCO_CORRECTIONS: dict[str, str | None] = {
    "ship": "boat", "speedboat": "boat", "gondola": "boat", "canoe": "boat", "catamaran": "boat", "trimaran": "boat",
    "schooner": "boat", "yawl": "boat", "fireboat": "boat", "container ship": "boat", "liner": "boat", "ferry": "boat",
    "bullet train": "train", "electric locomotive": "train", "steam locomotive": "train", "passenger car": "train",
    "freight car": "train", "airliner": "airplane", "warplane": "airplane", "basketball": "sports ball",
    "soccer ball": "sports ball", "rugby ball": "sports ball", "volleyball": "sports ball", "tennis ball": "sports ball",
    "baseball": "sports ball", "golf ball": "sports ball", "croquet ball": "sports ball", "hotdog": "hot dog",
    "television": "tv", "mobile phone": "cell phone", "cellphone": "cell phone", "street sign": None,
    "motor scooter": "motorcycle", "moped": "motorcycle", "scooter": "motorcycle", "motorbike": "motorcycle",
    "mountain bike": "bicycle", "tricycle": None, "pickup": "truck", "moving van": "truck", "tow truck": "truck",
    "trailer truck": "truck", "garbage truck": "truck", "fire engine": "truck", "minibus": "bus", "trolleybus": "bus",
    "school bus": "bus", "flowerpot": "potted plant", "pot": "potted plant", "teddy": "teddy bear", "teapot": None,
    "coffee mug": "cup", "mixing bowl": "bowl", "soup bowl": "bowl", "purse": "handbag", "mailbag": "handbag",
    "ram": "sheep", "bighorn": "sheep", "bighorn sheep": "sheep", "ox": "cow", "sofa": "couch", "wild cat": "cat",
    "human face": "person", "african village people": "person", "remote control": "remote", "rooster": "bird",
    "hen": "bird", "cock": "bird", "dalmatian": "dog", "dingo": None, "ewer jug": None, "toaster": "toaster", "cougar": None, "cougar face": None, "leopard": None, "wild boar": None,
}  # fmt: skip


def in_coco(names: list[str], coco: list[str], wordnet: WordNet) -> int:
    """Which of COCO's names a thing with these names is an example of; -1: none."""
    index = {name: k for k, name in enumerate(coco)}
    senses = {}
    for name in coco:
        sense = wordnet.first_sense(COCO_SENSES.get(name, name) or "")
        if sense:
            senses[sense] = index[name]
    for name in map(plain, names):
        if name in COCO_CORRECTIONS:
            return index.get(COCO_CORRECTIONS[name] or "", -1)
        if name in index:
            return index[name]
    for name in map(plain, names):
        words = name.split()
        for text in [" ".join(words[k:]) for k in range(len(words))]:
            if text in COCO_CORRECTIONS:
                return index.get(COCO_CORRECTIONS[text] or "", -1)
            if text in index:
                return index[text]
            sense = wordnet.first_sense(text)
            if sense:
                found = [k for at, k in senses.items() if at in wordnet.above(sense)]
                if found:
                    return found[0]
                break
    return -1


@dataclass(frozen=True)
class Vocabulary:
    """The class names photos carry, with COCO's; ImageNet's labels; and names that teach what is like what."""

    classes: list[str]
    coco: list[str]
    imagenet: list[list[str]]
    neighbours: list[str]
    class_in_coco: np.ndarray
    imagenet_in_coco: np.ndarray
    # [c, c] true where neither name may count as wrong for the other: synonyms, hypernyms, names within names
    related: np.ndarray
    # ImageNet labels that a kept-out class would be known by
    imagenet_kept_out: np.ndarray

    def coco_names_of_labels(self) -> dict[str, str]:
        """COCO's name for each class that is an example of one (dalmatian: dog)."""
        return {name: self.coco[within] for name, within in zip(self.classes, self.class_in_coco) if within >= 0}


NOT_WHAT_THEY_END_WITH = {"hot dog", "guinea pig", "sea cucumber", "aircraft carrier"}
SYNONYMS = [
    ("television", "tv"), ("sofa", "couch"), ("mobile phone", "cell phone"), ("remote control", "remote"),
    ("coffee table", "dining table"), ("human face", "person"),
]  # fmt: skip


def imagenet_labels(file: Path) -> list[list[str]]:
    """The thousand labels, each with its synonyms."""
    return [[part.strip() for part in line.split(",")] for line in file.read_text().strip().split("\n")[-1000:]]


def vocabulary(labels: set[str], coco: list[str], imagenet_file: Path, neighbours: list[str], wordnet: WordNet) -> Vocabulary:
    """@param labels of the photos to train on."""
    classes = sorted((labels | set(coco)) - KEPT_OUT)
    imagenet = imagenet_labels(imagenet_file)
    class_in_coco = np.array([in_coco([name], coco, wordnet) for name in classes])
    imagenet_in_coco = np.array([in_coco(names, coco, wordnet) for names in imagenet])
    senses = [wordnet.first_sense(name) for name in classes]
    above = [wordnet.above(sense) if sense else set() for sense in senses]
    related = np.zeros((len(classes), len(classes)), bool)
    for a, name in enumerate(classes):
        for b, other in enumerate(classes):
            if a == b:
                continue
            within = other.endswith(f" {name}") and other not in NOT_WHAT_THEY_END_WITH
            hypernym = senses[a] is not None and senses[a] in above[b] and name != "person"
            example = class_in_coco[b] >= 0 and coco[class_in_coco[b]] == name
            if within or hypernym or example or (name, other) in SYNONYMS:
                related[a, b] = related[b, a] = True
    kept = [any(set(word.split()) <= set(plain(part).split()) for part in names for word in KEPT_OUT) for names in imagenet]
    return Vocabulary(
        classes, coco, imagenet, neighbours, class_in_coco, imagenet_in_coco, related, np.array(kept)
    )
