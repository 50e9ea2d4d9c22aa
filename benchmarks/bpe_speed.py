"""Training time of a byte-pair encoding against the size of the text: the course's solution, Hugging Face's `tokenizers`, a naive trainer.

    python benchmarks/bpe_speed.py [--merges 500] [--limit 30]

All in the same run, on one thread, on the same text, with the same number of merges. The solution is the one of notebook ch02/04, read
from source/. Ends with exit code 1 when its time grows more than 1.3 times faster than the text, or when its merges are not
the naive trainer's.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import regex
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from autograder.course.course import Course
from data.train_tokenizer import byte_signs
from llmkit import data
from llmkit.models.tokenizers import PATTERN

ROOT = Path(__file__).resolve().parents[1]
SIZES = (10_000, 100_000, 1_000_000)
MOST_GROWTH = 1.3
EXERCISE = "ch02/bpe-train"
PROVIDED = ("setup", "pre-tokens")

Pair = tuple[bytes, bytes]
Trainer = Callable[[str, int], list[Pair]]


def solution() -> Trainer:
    """The solution's `bpe_train`, with what the notebook provides before it."""
    course = Course.discover(ROOT)
    exercise = course.exercise(EXERCISE)
    cells = course.notebook(exercise).cells
    names: dict[str, object] = {}
    # Only the imports of the setup cell: the rest is for a notebook.
    imports = [line for line in cells[PROVIDED[0]].source.splitlines() if line.startswith(("import ", "from "))]
    provided = [line for line in cells[PROVIDED[1]].source.splitlines() if not line.startswith("print(")]
    exec("\n".join([*imports, *provided, exercise.solution]), names)
    trainer: Trainer = names["bpe_train"]  # type: ignore[assignment]
    return trainer


def naive(text: str, num_merges: int) -> list[Pair]:
    """Recounts all pairs of the whole text for each merge; of equally frequent pairs, takes the smallest."""
    return [merge for merge, _tied in naive_with_ties(text, num_merges)]


def naive_with_ties(text: str, num_merges: int) -> list[tuple[Pair, bool]]:
    """As `naive`, and for each merge whether another pair was as frequent."""
    words = [[bytes([value]) for value in piece.encode()] for piece in regex.findall(PATTERN, text)]
    merges: list[tuple[Pair, bool]] = []
    while len(merges) < num_merges:
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        top = max(counts.values())
        tied = sorted(pair for pair, count in counts.items() if count == top)
        left, right = tied[0]
        merges.append((tied[0], len(tied) > 1))
        for word in words:
            place = 0
            while place < len(word) - 1:
                if word[place] == left and word[place + 1] == right:
                    word[place : place + 2] = [left + right]
                place += 1
    return merges


def hugging_face(text: str, num_merges: int) -> list[Pair]:
    """Hugging Face's trainer on the same pre-tokens."""
    import json

    engine = Tokenizer(models.BPE())
    engine.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    engine.train_from_iterator(
        [text], trainers.BpeTrainer(vocab_size=256 + num_merges, initial_alphabet=alphabet, show_progress=False)
    )
    as_byte = {sign: value for value, sign in byte_signs().items()}
    merges = json.loads(engine.to_str())["model"]["merges"]
    pairs = [merge if isinstance(merge, list) else merge.split(" ") for merge in merges]
    return [(bytes(as_byte[c] for c in left), bytes(as_byte[c] for c in right)) for left, right in pairs]


def stories(size: int) -> str:
    """Stories in both languages, `size` bytes in all."""
    halves = (data.text("story-world", lang).encode()[: size // 2] for lang in ("en", "pt-BR"))
    return "".join(half.decode(errors="ignore") for half in halves)


def made_up(size: int) -> str:
    """Words that hardly repeat, so that counting each distinct word once does not help: the hard case."""
    draw = Random(1)
    parts = ["ba", "co", "di", "fu", "gre", "hal", "in", "jo", "ka", "lu", "mor", "na", "ol", "pri", "ran", "sti", "tu"]
    words, length = [], 0
    while length < size:
        words.append("".join(draw.choices(parts, weights=range(len(parts), 0, -1), k=draw.randint(3, 6))))
        length += len(words[-1]) + 1
    return " ".join(words)[:size]


def without_ties() -> str:
    """A text in which a single pair is the most frequent at each merge: 26 words of two letters, and 25 of two such words."""
    letters = [chr(code) for start in (ord("a"), ord("A")) for code in range(start, start + 26)]
    short = [left + right for left, right in zip(letters[::2], letters[1::2], strict=True)]
    words = [word for number, word in enumerate(short) for _ in range(200 + 30 * number)]
    words += [left + right for number, (left, right) in enumerate(pairwise(short), 1) for _ in range(number)]
    return "\n".join(words)


def vocabularies_agree() -> bool:
    """Whether all three trainers learn the same on a text without ties."""
    text = without_ties()
    plain = naive_with_ties(text, 1000)
    tied = sum(tie for _merge, tie in plain)
    merges = [merge for merge, _tie in plain]
    agree = solution()(text, 1000) == merges == hugging_face(text, 1000)
    print(f"a text without ties ({tied} found): {len(merges)} merges, the same from all three trainers: {agree}")
    return agree and not tied


def seconds(trainer: Trainer, text: str, merges: int) -> tuple[float, list[Pair]]:
    """Best processor time of a few runs (fewer if they are slow), and the merges."""
    best, spent, found = float("inf"), 0.0, []
    while spent < 1.0:
        started = time.process_time()
        found = trainer(text, merges)
        taken = time.process_time() - started
        best, spent = min(best, taken), spent + taken
    return best, found


def measure(name: str, text_of: Callable[[int], str], merges: int, limit: float) -> tuple[float, bool]:
    """Times all trainers on one kind of text.

    Returns:
        How many times faster than the text the solution's time grows, and whether its merges equal the naive trainer's.
    """
    ours = solution()
    print(f"\n{name}, {merges} merges requested, seconds of processor time")
    print(
        f"{'bytes':>10}{'words':>9}{'learned':>9}{'solution':>10}{'tokenizers':>12}{'naive':>10}{'solution/tokenizers':>21}"
    )
    times: list[float] = []
    same, guess = True, 0.0
    for size in SIZES:
        text = text_of(size)
        mine, own = seconds(ours, text, merges)
        theirs, other = seconds(hugging_face, text, merges)
        times.append(mine)
        words, shown = len(set(regex.findall(PATTERN, text))), "-"
        checked = ""
        if guess < limit:
            slow, plain = seconds(naive, text, merges)
            guess, shown = slow * SIZES[1] / SIZES[0], f"{slow:.2f}"
            first_tie = next((n for n, (_merge, tie) in enumerate(naive_with_ties(text, merges)) if tie), len(plain))
            same = same and own == plain and other[:first_tie] == plain[:first_tie]
            checked = (
                f"           merges as the naive trainer's, ties broken alike: {own == plain}; "
                f"tokenizers' until the first tie (merge {first_tie + 1}): {other[:first_tie] == plain[:first_tie]}"
            )
        print(f"{size:>10,}{words:>9,}{len(own):>9}{mine:>10.3f}{theirs:>12.3f}{shown:>10}{mine / theirs:>20.1f}x")
        if checked:
            print(checked)
    growth = times[-1] / times[0] / (SIZES[-1] / SIZES[0])
    steps = ", ".join(f"{b / a:.1f} times" for a, b in pairwise(times))
    print(f"ten times as much text takes the solution {steps}; from end to end {growth:.2f} of linear growth")
    return growth, same


def main() -> None:
    """Measures and checks the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--merges", type=int, default=500, help="merges to learn (default 500)")
    parser.add_argument(
        "--limit", type=float, default=30.0, help="seconds that the naive trainer may take (default 30)"
    )
    given = parser.parse_args()
    agree = vocabularies_agree()
    texts = {"stories in two languages": stories, "made-up words that hardly repeat": made_up}
    results = [measure(name, text_of, given.merges, given.limit) for name, text_of in texts.items()]
    worst, same = max(growth for growth, _ in results), agree and all(same for _, same in results)
    print(f"\ngrowth at most {MOST_GROWTH} of linear: {worst <= MOST_GROWTH} ({worst:.2f}); merges right: {same}")
    sys.exit(0 if worst <= MOST_GROWTH and same else 1)


if __name__ == "__main__":
    main()
