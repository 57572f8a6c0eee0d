"""A lower-casing WordPiece vocabulary with CLIP's frame: `[BOS]` text `[EOT]`, padded with `[EOT]`, the highest id."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDS = 6000
LONGEST = 32
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789'-.,()&/"


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """@param texts a text as often as it should weigh."""
    normaliser = normalizers.Sequence([normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()])
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer = normaliser
    learner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=WORDS - 2,
        special_tokens=["[UNK]"],
        initial_alphabet=list(ALPHABET),
        limit_alphabet=60,
        min_frequency=2,
        show_progress=False,
    )
    learner.train_from_iterator(texts, trainer)
    learnt = [word for word, _ in sorted(learner.get_vocab().items(), key=lambda each: each[1]) if word != "[UNK]"]
    every = dict.fromkeys([*ALPHABET, *(f"##{letter}" for letter in ALPHABET if letter.isalnum()), *learnt])
    words = ["[UNK]", "[BOS]", *list(every)[: WORDS - 3], "[EOT]"]
    vocabulary = {word: at for at, word in enumerate(words)}
    end = vocabulary["[EOT]"]
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=60))
    tokenizer.normalizer = normaliser
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[UNK]", "[BOS]", "[EOT]"])
    frame = [("[BOS]", vocabulary["[BOS]"]), ("[EOT]", end)]
    tokenizer.post_processor = processors.TemplateProcessing(single="[BOS] $A [EOT]", special_tokens=frame)
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=end, pad_token="[EOT]")
    return tokenizer
