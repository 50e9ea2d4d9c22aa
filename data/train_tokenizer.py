"""Trains the course's own byte-level BPE on the shipped texts and reports how many tokens per word it and GPT-2's need.

python data/train_tokenizer.py            # writes data/tokenizer/llmkit-8k.tiktoken (about a minute)
python data/train_tokenizer.py --report   # only the figures
"""

import argparse
import base64
import re
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from llmkit import data, tokenizer
from llmkit.errors import DataError
from llmkit.models.tokenizers import END_OF_TEXT, OWN, PATTERN

FILE = Path(__file__).parent / "tokenizer" / f"{OWN}.tiktoken"
# <|endoftext|> is the last of 8,192.
RANKS = 8191
LANGUAGES = ("en", "pt-BR")


def texts() -> Iterator[str]:
    """The training texts, without any validation or test split."""
    for lang in LANGUAGES:
        yield data.text("short-story", lang)
        yield from data.text("story-world", lang).split(END_OF_TEXT)
        yield from (row["text"] for row in data.rows("messages", lang, split="train"))
        for row in data.rows("instructions", lang, split="train"):
            yield "\n".join([row["instruction"], row["input"], row["output"]])


def train() -> dict[bytes, int]:
    """Each token's bytes and its rank: the 256 bytes, then the merges in the order in which they were found."""
    engine = Tokenizer(models.BPE())
    # The engine's \p{..}++ is llmkit's version of GPT-2's pattern, so training and use split words alike.
    engine.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    engine.train_from_iterator(
        texts(), trainers.BpeTrainer(vocab_size=RANKS, initial_alphabet=alphabet, show_progress=False)
    )
    as_bytes = {sign: bytes([value]) for value, sign in byte_signs().items()}
    found = sorted(engine.get_vocab().items(), key=lambda pair: pair[1])
    return {b"".join(as_bytes[sign] for sign in token): rank for rank, (token, _) in enumerate(found)}


def byte_signs() -> dict[int, str]:
    """The printable character for each byte in such vocabularies: the byte's own if printable, else one from 256 upward."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [value for value in range(256) if value not in printable]
    return {value: chr(value) for value in printable} | {value: chr(256 + place) for place, value in enumerate(hidden)}


def report() -> None:
    """Tokens per word, GPT-2's against ours. A word is a run of letters or digits."""
    encodings = {"llmkit-8k": tokenizer(OWN)}
    try:
        encodings = {"gpt2": tokenizer("gpt2", strict=True), **encodings}
    except DataError as error:
        print(error)
    names = [(name, lang) for name in ("short-story", "story-world") for lang in LANGUAGES]
    names += [("verdict", "en"), ("dom-casmurro", "pt-BR")]
    print(f"{'text':24s}{'words':>10s}" + "".join(f"{name:>12s}" for name in encodings) + "  tokens per word")
    for name, lang in names:
        try:
            content = data.text(name, lang).replace(END_OF_TEXT, "")[:400_000]
        except DataError:
            continue
        words = len(re.findall(r"\w+", content))
        costs = [len(encoding.encode_ordinary(content)) / words for encoding in encodings.values()]
        print(f"{name + ' ' + lang:24s}{words:10d}" + "".join(f"{cost:12.2f}" for cost in costs))


def main() -> None:
    """Trains and reports."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--report", action="store_true", help="only report the figures")
    if not parser.parse_args().report:
        FILE.parent.mkdir(exist_ok=True)
        lines = (f"{base64.b64encode(token).decode()} {rank}\n" for token, rank in train().items())
        FILE.write_text("".join(lines), encoding="ascii", newline="\n")
    report()


if __name__ == "__main__":
    main()
